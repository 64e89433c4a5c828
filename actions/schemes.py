"""The finder of schemes: five short questions, then what may fit, what it brings, who applies where and what is not certain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.flow import COACH, Answers, Button, Reply, Step, choice_value
from actions.flow_forms import AskFlow, SubmitFlow, ValidateFlow
from steunwijzer import schemes
from steunwijzer.answers import answers as all_answers
from steunwijzer.dutch_dates import day_text

_SHOWN = 4


class SchemesFlow:
    """See `actions.flow.Flow`. Answers: contract, register, benefit, adaptation, coaching."""

    name = "schemes"
    title = "Welke regelingen passen?"

    def prefill(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """Nothing is known beforehand: a status is never taken from the conversation."""
        return {}

    def opening(self, answers: Answers) -> str:
        """What is said first."""
        return "Vijf korte vragen. Daarna ziet u welke regelingen misschien passen en waar u ze aanvraagt."

    def steps(self, answers: Answers) -> list[Step]:
        """One step per question."""
        steps = []
        for key, question, choices in schemes.QUESTIONS:
            buttons = tuple(Button(words, words, value) for value, words in choices if words != "Weet ik niet")
            step = Step(key, question, "choice", label=key, why="Van deze vraag hangt af welke regeling kan passen.", buttons=buttons)
            steps.append(replace(step, validate=choice_value(step)))
        return steps

    def finish(self, answers: Answers, context: Mapping[str, Any]) -> list[Reply]:
        """What may fit, likeliest first; sources and the date on which it was checked."""
        found = schemes.find(answers)
        extra: dict[str, Any] = {"topic": "regeling/overzicht", "flow": None, "step": None, "asks_for": None}
        if not found:
            text = (
                "Met deze antwoorden vind ik geen regeling die past. Vraag het na bij het Werkcentrum of Werkgeversservicepunt "
                "in uw regio; zij zoeken het voor u uit."
            )
            return [Reply(text, (COACH,), extra)]
        blocks = [f"**{s.name}** ({s.certainty}). {s.brings}\n- Aanvragen: {s.apply_at}\n- Let op: {s.uncertain}" for s in found[:_SHOWN]]
        more = ""
        if len(found) > _SHOWN:
            more = "\n\nVerder misschien: " + ", ".join(s.name.lower() for s in found[_SHOWN:]) + "."
        text = (
            "Dit past misschien. Het is geen toezegging: de uitvoerder beslist, en het hangt af van de medewerker.\n\n"
            + "\n\n".join(blocks)
            + more
            + f"\n\nNagekeken op {day_text(schemes.CHECKED, False)}. Controleer het bij UWV, de gemeente of de Belastingdienst."
        )
        known = all_answers().sources
        keys = dict.fromkeys(key for scheme in found[:_SHOWN] for key in scheme.sources if key in known)
        extra["sources"] = [{"title": known[key].title, "url": known[key].url} for key in keys]
        titles = {scheme.topic: all_answers()[scheme.topic].title for scheme in found if scheme.topic in all_answers()}
        buttons = tuple(Button(title, title, {"topic": topic}) for topic, title in list(titles.items())[:2])
        return [Reply(text, (*buttons, COACH), extra)]


SCHEMES = SchemesFlow()


class ValidateSchemesForm(ValidateFlow):
    """`validate_schemes_form`."""

    flow = SCHEMES


class AskSchemes(AskFlow):
    """`action_ask_schemes_form_answer`."""

    flow = SCHEMES


class SubmitSchemes(SubmitFlow):
    """`action_submit_schemes`."""

    flow = SCHEMES
