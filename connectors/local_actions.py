"""Custom actions in the same process: an endpoint whose request calls the action instead of a server."""

from __future__ import annotations

import importlib
import inspect
import logging
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

import actions
from connectors.bot import ModelError
from steunwijzer.settings import PROJECT_ROOT


def _known_form(self: RemoteAction, result: dict[str, Any]) -> bool:
    return True


# Rasa compiles a schema anew at every custom action (25 ms) to check what a server sent; here rasa_sdk hands its own objects over.
RemoteAction._validate_action_result = _known_form


def _concrete(base: type[Action]) -> Iterator[type[Action]]:
    for derived in base.__subclasses__():
        yield from _concrete(derived)
        if derived.__module__.startswith("actions.") and not inspect.isabstract(derived):
            yield derived


def _named(domain: Path) -> set[str]:
    return {name for name in yaml.safe_load(domain.read_text(encoding="utf-8")).get("actions") or () if not name.startswith("utter_")}


class LocalActions(EndpointConfig):
    """All actions of the package ``actions``, called directly.

    Raises:
        ModelError: when ``domain`` names an action that nobody wrote; it would fail only when a visitor gets there.
    """

    def __init__(self, domain: Path = PROJECT_ROOT / "domain.yml") -> None:
        super().__init__(url="in-process")
        logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
        self._executor = ActionExecutor()
        # the executor's own register_package ends the process on an import error; here it travels to whoever loads the model
        for module in pkgutil.iter_modules(actions.__path__):
            importlib.import_module(f"actions.{module.name}")
        for action in _concrete(Action):
            self._executor.register_action(action)
        missing = sorted(_named(domain) - self._executor.actions.keys())
        if missing:
            raise ModelError(
                f"In {domain.name} staan acties die in de map actions niet bestaan: {', '.join(missing)}. "
                "Verbeter de naam, schrijf de actie, of haal de regel weg. Draai daarna 'make train'."
            )

    async def request(self, method: str = "post", subpath: str | None = None, content_type: str | None = None, **kwargs: Any) -> Any:
        """Run the action that Rasa asks for; gives its events and responses as an action server would."""
        return await self._executor.run(kwargs["json"])
