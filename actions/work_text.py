"""A validator for free text that ends up on paper: only words about work are kept (DESIGN §7)."""

from __future__ import annotations

from typing import Any

from actions.flow import Button, Message, Problem
from actions.flow_values import text_value
from actions.phrases import plain
from steunwijzer.rewording import reword

_KEEP_TITLE = "Nee, dit gaat over het werk"
_DOUBT_CONFIDENCE = 0.9


def work_text(text: str, message: Message) -> Any:
    """The text itself, or a `Problem` that offers it in terms of work when it names an illness, medication or treatment.

    When only the understanding model sees a medical subject, the user decides: the lexicon is right more often than the model.
    """
    if isinstance(message.choice, dict) and isinstance(message.choice.get("keep"), str):
        return message.choice["keep"]
    if plain(text) == plain(_KEEP_TITLE):
        return Problem("Schrijf het dan nog eens op, in woorden over het werk.")
    found = reword(text)
    if found is not None:
        lines = "\n".join(f"- {line}" for line in found.suggestions)
        say = f"{found.text}\n\nBijvoorbeeld:\n\n{lines}\n\nKies er een, of zeg het in eigen woorden."
        return Problem(say, tuple(Button(line, line) for line in found.suggestions))
    if message.topic == "grens/diagnose" and message.confidence >= _DOUBT_CONFIDENCE:
        return Problem(
            "Gaat dit over een ziekte, medicijnen of behandeling? Dat bewaren we niet. Schrijf liever wat er op het werk nodig is.",
            (Button(_KEEP_TITLE, _KEEP_TITLE, {"keep": text}),),
        )
    return text_value(text, message)
