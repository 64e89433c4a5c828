"""Import Rasa without what a serving process never uses.

Rasa imports TensorFlow, every chat platform's client and several databases' drivers when its agent is imported: most of the time and memory
of a start. Call :func:`prepare` before anything of Rasa is imported, and those packages become inert stand-ins: they can be imported, subclassed and
used in annotations, but the first real use raises an error that says so. The pipeline (``config.yml``) has no part that needs them; ``rasa train``
and ``rasa shell`` do not come here and import the real ones.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
import types
from collections.abc import Sequence
from typing import Any

from steunwijzer.settings import get_settings

_UNUSED = frozenset(
    {
        "aiogram",
        "boto3",
        "botocore",
        "fbmessenger",
        "jax",
        "keras",
        "matplotlib",
        "mattermostwrapper",
        "pymongo",
        "confluent_kafka",
        "aio_pika",
        "rocketchat_API",
        "slack_sdk",
        "tensorflow",
        "tensorflow_addons",
        "tensorflow_hub",
        "tensorflow_text",
        "twilio",
        "webexteamssdk",
        "questionary",
        "sanic",
        "sanic_cors",
        "sanic_jwt",
        "prompt_toolkit",
        "terminaltables",
    }
)
# only fitting a model needs the first two; only Rasa's own server, its reminders and its telemetry the others
_UNUSED_WHEN_SERVING = frozenset({"sklearn", "sklearn_crfsuite", "apscheduler", "engineio", "socketio"})
# Rasa would reach other servers with them, and does not here; the Teams channel does
_UNUSED_WITHOUT_TEAMS = frozenset({"aiohttp", "requests"})


class _StandInMeta(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return cls

    def __or__(cls, other: Any) -> Any:
        return Any

    __ror__ = __or__

    def __getitem__(cls, item: Any) -> Any:
        return cls


class StandIn(metaclass=_StandInMeta):
    """What every name of an unused package is. As a decorator it returns what it decorates; made into an object it refuses."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is StandIn:
            if len(args) == 1 and not kwargs and callable(args[0]):
                return args[0]
            return lambda wrapped=None, *rest, **more: wrapped
        raise RuntimeError(f"{cls.__name__} hoort bij een pakket dat de server niet laadt (connectors/lean.py).")


class _StandInModule(types.ModuleType):
    __path__: list[str] = []
    __version__ = "0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, packages: frozenset[str]) -> None:
        self._packages = packages

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.split(".")[0] in self._packages:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def threads() -> None:
    """One thread per matrix product: more of them spin on a shared machine and cost CPU time without answering sooner."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def prepare(*, training: bool = False) -> None:
    """Install the stand-ins; does nothing for a package that is already imported. Also keeps Rasa quiet and offline."""
    threads()
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    wanted = _UNUSED if training else _UNUSED | _UNUSED_WHEN_SERVING
    if not training and not get_settings().teams_app_id:
        wanted |= _UNUSED_WITHOUT_TEAMS
    packages = frozenset(name for name in wanted if name not in sys.modules)
    if packages and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder(packages))
