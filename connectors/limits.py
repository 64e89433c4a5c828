"""Rate limits per session and per address: a sliding minute or hour in this process, shared over Redis when there is one."""

from __future__ import annotations

import time
from collections import OrderedDict

from pyrate_limiter import AbstractBucket, BucketFactory, Duration, Limiter, Rate, RateItem
from pyrate_limiter.buckets.in_memory_bucket import InMemoryBucket
from pyrate_limiter.buckets.redis_bucket import RedisBucket

from steunwijzer.settings import get_settings

_MOST_KEYS = 20_000


class _Buckets(BucketFactory):
    """One bucket per key; the key that was quiet longest makes room when there are too many."""

    def __init__(self, rate: Rate, name: str) -> None:
        self._rate = rate
        self._name = name
        self._known: OrderedDict[str, AbstractBucket] = OrderedDict()
        self._redis = None
        url = get_settings().redis_url
        if url:
            import redis

            self._redis = redis.Redis.from_url(url)

    def wrap_item(self, name: str, weight: int = 1) -> RateItem:
        return RateItem(name, int(time.time() * 1000), weight=weight)

    def get(self, item: RateItem) -> AbstractBucket:
        bucket = self._known.pop(item.name, None)
        if bucket is None:
            bucket = (
                RedisBucket.init([self._rate], self._redis, f"steunwijzer:limit:{self._name}:{item.name}")
                if self._redis is not None
                else InMemoryBucket([self._rate])
            )
        self._known[item.name] = bucket
        bucket.leak(item.timestamp)
        while len(self._known) > _MOST_KEYS:
            self._known.popitem(last=False)
        return bucket


class RateLimit:
    """At most ``number`` in ``duration`` per key."""

    def __init__(self, name: str, number: int, duration: Duration) -> None:
        self.seconds = int(duration) // 1000
        self._limiter = Limiter(_Buckets(Rate(number, duration), name), raise_when_fail=False)

    def allows(self, key: str) -> bool:
        """Count one for this key; False when it is one too many."""
        return bool(self._limiter.try_acquire(key))
