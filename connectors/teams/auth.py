"""Whether a request really comes from Teams, for this bot, in this tenant.

The checks are those of Microsoft's Bot Connector authentication. The SDK's own validator is not used: it takes no other metadata address,
accepts tokens without expiry, knows no endorsements, and trusts issuers that a Teams bot has no need of. Signatures are PyJWT's work.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

from connectors.teams.activities import Incoming
from steunwijzer.settings import Settings

log = logging.getLogger(__name__)

CHANNEL = "msteams"
ALGORITHM = "RS256"
LEEWAY_SECONDS = 300
KEYS_FRESH_SECONDS = 24 * 3600
# An unknown key asks for a fresh list, but strangers must not make this server ask for one all the time.
KEYS_MIN_SECONDS = 60
FETCH_TIMEOUT_SECONDS = 10.0
# Where Microsoft runs connectors for Teams; the address in an activity is also signed, so this is a second lock.
MICROSOFT_HOSTS = ("smba.trafficmanager.net", "botframework.com", "botframework.us", "teams.microsoft.com", "teams.microsoft.us")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class Refused(Exception):
    """The request is not accepted: HTTP status, and the reason in a few words for the log."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class SigningKey:
    """A public key, who may sign with it, and for which channels."""

    key: jwt.PyJWK
    issuer: str
    endorsements: frozenset[str]


class SigningKeys:
    """The keys that Microsoft publishes (OpenID metadata, then JWKS), kept for a day."""

    def __init__(self, metadata_url: str) -> None:
        self._url = metadata_url
        self._keys: dict[str, SigningKey] = {}
        self._fetched = float("-inf")
        self._lock = asyncio.Lock()

    async def get(self, kid: str) -> SigningKey:
        """The key with this id.

        Raises:
            Refused: 401 when there is no such key, 503 when the keys cannot be read.
        """
        now = time.monotonic()
        if now - self._fetched > KEYS_FRESH_SECONDS or (kid not in self._keys and now - self._fetched > KEYS_MIN_SECONDS):
            async with self._lock:
                if self._fetched < now:
                    await self._fetch()
        found = self._keys.get(kid)
        if found is None:
            raise Refused(401, "unknown key")
        return found

    async def _fetch(self) -> None:
        try:
            async with httpx.AsyncClient(timeout=FETCH_TIMEOUT_SECONDS) as http:
                metadata = (await http.get(self._url)).raise_for_status().json()
                listed = (await http.get(metadata["jwks_uri"])).raise_for_status().json()["keys"]
                keys = {each["kid"]: _signing_key(each, metadata["issuer"]) for each in listed if each.get("kty") == "RSA" and each.get("kid")}
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError) as problem:
            log.warning("The signing keys cannot be read: %s", type(problem).__name__)
            if not self._keys:
                raise Refused(503, "the signing keys cannot be read") from problem
            return
        self._keys, self._fetched = keys, time.monotonic()


def _signing_key(published: Mapping[str, Any], issuer: str) -> SigningKey:
    endorsements = published.get("endorsements")
    return SigningKey(
        jwt.PyJWK(dict(published), algorithm=ALGORITHM), issuer, frozenset(endorsements) if isinstance(endorsements, list) else frozenset()
    )


class Gate:
    """Lets requests through that Teams sent to this bot; in anonymous mode those of this machine."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._keys = SigningKeys(settings.teams_openid_url)

    async def identify(self, authorization: str | None) -> Mapping[str, Any]:
        """The verified claims of the token: signed with RS256 by a published key, for this bot, not expired.

        Raises:
            Refused: 401.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refused(401, "no token")
        try:
            header = jwt.get_unverified_header(token.strip())
            if header.get("alg") != ALGORITHM or not isinstance(header.get("kid"), str):
                raise Refused(401, "other algorithm")
            signed = await self._keys.get(header["kid"])
            claims: dict[str, Any] = jwt.decode(
                token.strip(),
                signed.key,
                algorithms=[ALGORITHM],
                audience=self._settings.teams_app_id,
                issuer=signed.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud"], "strict_aud": True},
            )
        except jwt.PyJWTError as problem:
            raise Refused(401, type(problem).__name__) from problem
        return {**claims, "endorsements": signed.endorsements}

    def permit(self, claims: Mapping[str, Any], activity: Incoming) -> None:
        """Whether the token belongs to this activity: same service address, Teams, this tenant.

        Raises:
            Refused: 403.
        """
        if activity.channel_id != CHANNEL or CHANNEL not in claims["endorsements"]:
            raise Refused(403, "other channel")
        claimed = claims.get("serviceurl", claims.get("serviceUrl"))
        if not isinstance(claimed, str) or not activity.service_url or _same(claimed) != _same(activity.service_url):
            raise Refused(403, "other service address")
        if not self.may_send_to(activity.service_url):
            raise Refused(403, "unknown service host")
        tenant = (self._settings.teams_tenant_id or "").lower()
        if tenant and activity.tenants != {tenant}:
            raise Refused(403, "other tenant")

    def permit_anonymous(self, client: str | None, headers: Mapping[str, str], activity: Incoming) -> None:
        """Whether an unsigned request comes from this machine, not through a proxy, and wants its answer on this machine.

        Raises:
            Refused: 403.
        """
        host = urlsplit(f"//{headers.get('host', '')}").hostname
        if not is_loopback(client) or not is_loopback(host) or any(name in headers for name in _FORWARDED):
            raise Refused(403, "anonymous from elsewhere")
        if activity.channel_id != CHANNEL or not is_loopback(urlsplit(activity.service_url).hostname):
            raise Refused(403, "anonymous to elsewhere")

    def may_send_to(self, service_url: str) -> bool:
        """Whether messages may go to this address: Microsoft's over https, one that the settings name, or loopback in anonymous mode."""
        try:
            address = urlsplit(service_url)
            host = (address.hostname or "").lower()
        except ValueError:
            return False
        if not host or address.username or address.password:
            return False
        if self._settings.teams_anonymous and is_loopback(host):
            return True
        own = tuple(each.strip().lower() for each in self._settings.teams_service_hosts.split(",") if each.strip())
        if host in own and (address.scheme == "https" or (address.scheme == "http" and is_loopback(host))):
            return True
        return address.scheme == "https" and any(host == each or host.endswith(f".{each}") for each in MICROSOFT_HOSTS)


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address is this machine."""
    if host in ("localhost", None):
        return host is not None
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _same(service_url: str) -> str:
    return service_url.strip().rstrip("/").lower()
