"""The finder of schemes: five short questions, then what may fit, what it brings, who applies where and what is not certain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.flow import COACH, Answers, Button, Message, Reply, Step, Validator, choice_value
from actions.flow_forms import AskFlow, SubmitFlow, ValidateFlow
from actions.phrases import NUMBER_WORDS, number_of, plain
from steunwijzer import schemes
from steunwijzer.answers import answers as all_answers
from steunwijzer.dutch_dates import day_text

_SHOWN = 4
_LABELS = {"contract": "contract", "register": "doelgroepregister", "benefit": "uitkering", "adaptation": "werkplek", "coaching": "begeleiding"}
_EXPLAINED = {
    "contract": "Het gaat om het contract dat de medewerker heeft of krijgt.",
    "register": "Vraag na de start bij UWV of uw medewerker erin staat. Meestal ziet u het in het werkgeversportaal.",
    "benefit": "Bijvoorbeeld een WW- of WIA-uitkering of Wajong van UWV, of bijstand van de gemeente.",
    "adaptation": "Bijvoorbeeld een andere stoel of een hulpmiddel om het werk te kunnen doen.",
    "coaching": "Van buiten komt bijvoorbeeld een jobcoach. Een eigen collega kan ook begeleiden.",
}
_HALF_A_YEAR = 6
_MONTHS = re.compile(rf"\b(\d{{1,2}}|één|{'|'.join(NUMBER_WORDS)}) ?(?:maanden|maand|mnd)\b")
_YEARS = re.compile(r"\b(?:(?:half|anderhalf|één|een|twee|drie|[1-3]) ?jaar|jaarcontract)\b")
_NOT = re.compile(r"\b(?:geen|niet|nooit)\b")
_HEARD: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "contract": (
        ("geen", re.compile(r"\b(?:nog (?:geen|niks|niets)|geen contract|proefplaatsing)\b")),
        ("vast", re.compile(r"\b(?:vast(?:e)? (?:contract|dienst|aanstelling)|onbepaalde tijd|vaste dienst)\b")),
        ("kort", re.compile(r"\b(?:\w+ weken|paar maanden|oproep\w*)\b")),
    ),
    "benefit": (
        ("wajong", re.compile(r"\bwajong\w*")),
        ("gemeente", re.compile(r"\b(?:bijstand\w*|participatiewet|gemeente|sociale dienst)\b")),
        ("uwv", re.compile(r"\b(?:uwv|ww|ww-uitkering|wia|wga|wao|ziektewet)\b")),
    ),
    "coaching": (
        ("buiten", re.compile(r"\b(?:jobcoach|trajectbegeleider|van buiten|externe?)\b")),
        ("binnen", re.compile(r"\b(?:(?:eigen|vaste) collega|interne?|doen we zelf)\b")),
    ),
}


def _heard(key: str) -> Validator:
    """Reads one of the choices of a question in other words; what is denied ('geen wajong') is not heard."""

    def hears(text: str, message: Message) -> str | None:
        said = plain(text)
        if key == "contract" and (found := _MONTHS.search(said)):
            return "tijdelijk" if number_of(found[1]) >= _HALF_A_YEAR else "kort"
        if key == "contract" and _YEARS.search(said):
            return "tijdelijk"
        if key != "contract" and _NOT.search(said):
            return None
        return next((value for value, pattern in _HEARD.get(key, ()) if pattern.search(said)), None)

    return hears


class SchemesFlow:
    """See `actions.flow.Flow`. Answers: contract, register, benefit, adaptation, coaching."""

    name = "schemes"
    title = "Welke regelingen passen?"
    result = "Aan het eind ziet u welke regelingen misschien passen, wat ze opleveren en waar u ze aanvraagt."

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
            step = Step(
                key,
                question,
                "choice",
                label=_LABELS[key],
                why="Van deze vraag hangt af welke regeling kan passen.",
                how=_EXPLAINED[key],
                buttons=buttons,
                hears=_heard(key),
            )
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
