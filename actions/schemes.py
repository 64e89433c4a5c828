"""The finder of schemes: five short questions, then what may fit, what it brings, who applies where and what is not certain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.flow import COACH, Answers, Button, Message, Reply, Step, Validator
from actions.flow_forms import AskFlow, SubmitFlow, ValidateFlow
from actions.flow_values import choice_value
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
_YEARS = re.compile(r"\b(?:(?:half|anderhalf|één|een|twee|drie|[1-3]) ?jaar|jaartje|jaarcontract|tijdelijk)\b")
_ASKS = re.compile(r"\b(?:hoe ?(?:lang|veel|werkt|vaak)|wat kost|(?:wie )?betaalt|krijg ik|geldt|vergoedt|wanneer|waarom)\b|\?$")
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
        ("binnen", re.compile(r"\b(?:(?:eigen|vaste|een|iemand van de) collega|interne?|doen we zelf)\b")),
    ),
}
_BENEFITS = (
    ("wajong", r"wajong(?:er)?"),
    ("uwv", r"(?:ww|wia|wga|wao)|uitkering van (?:het )?uwv|via (?:het )?uwv"),
    ("gemeente", r"bijstand|participatiewet|p-wet|uitkering van de gemeente|via de gemeente"),
)
# The whole message: it goes round the reading for danger, so nothing else may stand in it.
_TELLS_BENEFIT = re.compile(
    r"(?:(?:en|maar|ja|nee|nou|oh|want|voor|dus|ok[eé]?|is|dat is|het is|het gaat om|ik bedoel)[, ]+)*"
    r"(?:(?:hij|ze|zij|ie) is (?:(?:nu|al|pas|net) )?\d\d(?: jaar)?(?: oud)?,? en )?"
    r"(?:(?:hij|ze|zij|ie|die|iemand|(?:de|die|mijn|mn|m'n|onze|een|deze|dezelfde|andere) (?:[a-z]+ ){0,2}[a-z]+)[, ]+)?"
    r"(?:(?:die|dat|hij|ze|zij) )?(?:(?:heeft|hef|heb|had|hebben|zit|zat|krijgt|kreeg|komt|valt|ontvangt|is)(?: |$))?"
    r"(?:(?:wel|nu|nog|al|ook|eigenlijk|namelijk|gewoon|zelf|trouwens|(?:al )?\d+ jaar|al jaren|in|uit|onder|met|van|een|'n|n|ne|de|het) )*"
    rf"(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _BENEFITS)})(?:-? ?uitkering)?"
    r"(?: (?:dus|hoor|namelijk|nu|al|nog|toch|trouwens|overigens|gehad|zeg maar))*"
)
_BENEFIT_WORDS = {"wajong": "Wajong", "uwv": "een uitkering van UWV", "gemeente": "een uitkering van de gemeente"}


def benefit_told(text: str) -> str | None:
    """The benefit of a candidate that a message tells and nothing else ("ze heeft een wajong"): a value of the finder's question, or None."""
    found = _TELLS_BENEFIT.fullmatch(plain(text))
    return next((name for name, _ in _BENEFITS if found[name]), None) if found else None


def _heard(key: str) -> Validator:
    """Reads one of the choices of a question in other words; what is denied ('geen wajong') is not heard."""

    def hears(text: str, message: Message) -> str | None:
        said = plain(text)
        if _ASKS.search(said):
            return None
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
        """Only the benefit in the message that starts the finder: a status is never taken from what was said before."""
        asked = context.get("message")
        choice = (asked.metadata.get("choice") if isinstance(asked, Message) else None) or {}
        told = choice.get("benefit") if isinstance(choice, Mapping) else None
        return {"benefit": told} if told in _BENEFIT_WORDS else {}

    def opening(self, answers: Answers) -> str:
        """What is said first."""
        if answers.get("benefit"):
            known = _BENEFIT_WORDS[answers["benefit"]]
            return f"Ik ga uit van: {known}. Nog vier korte vragen. Daarna ziet u welke regelingen misschien passen en waar u ze aanvraagt."
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
