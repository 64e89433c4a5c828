"""A base for custom actions that never lets an error escape: one that does loses the turn before Rasa saves the tracker."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

logger = logging.getLogger(__name__)

APOLOGY = (
    "Er ging bij ons iets mis; dat ligt niet aan u. Uw bericht is bewaard. Probeer het nog eens, of spreek een coach. "
    "Is er direct gevaar? Bel 112."
)


class SafeAction(Action, ABC):
    """Subclasses write :meth:`act`; an exception there is logged without message text and answered in Dutch."""

    @abstractmethod
    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """What the action does; gives its events."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        try:
            return await self.act(dispatcher, tracker, domain)
        except Exception:
            logger.exception("Actie %s mislukt", self.name())
            dispatcher.messages.clear()
            dispatcher.utter_message(text=APOLOGY, buttons=[{"title": "Spreek een coach", "payload": "Ik wil een coach spreken"}])
            return []
