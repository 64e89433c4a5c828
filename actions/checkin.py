"""The check-in flow: eight questions about a placement, in figures or words, ending in a colour and what to do.

The first time it ends with the question whether the placement may be followed: with consent it asks a nickname for the job, the day it
started and the place, whether the coach may look along, and whether the employee takes part. Without consent nothing is kept, and the
employer still gets the colour.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.flow import Answers, Button, Message, Problem, Reply, Step
from actions.flow_forms import AskFlow, SubmitFlow, ValidateFlow, utter
from actions.flow_values import date_value, match_button
from actions.mail_step import address, known_mail, mail_step
from actions.phrases import plain
from actions.prevention import today
from actions.safely import SafeAction
from actions.work_text import work_text
from steunwijzer import checkin_rules, checkin_words, checkins, directory, papers, place_finder, placement_overview, placements, regions
from steunwijzer.checkin_rules import FACTORS, SCALE, Factor
from steunwijzer.dutch_dates import day_text
from steunwijzer.rewording import find_medical, without_medical

CONSENT = (
    "Mag ik deze plek volgen? Ik bewaar dan de bijnaam, de startdag, de regio en uw antwoorden. Geen naam van de medewerker. "
    "U kunt alles laten verwijderen. De medewerker moet hiervan weten."
)
SHARE = (
    "Mag de coach in uw regio meekijken? De coach ziet dan de bijnaam, uw cijfers en uw toelichting, en krijgt bericht als een check-in "
    "rood is."
)
MIRROR = (
    "Wilt u dat de medewerker zelf ook meedoet? Die krijgt dan per mail acht eigen vragen, op dezelfde dagen. De cijfers "
    "komen naast die van u te staan. Meedoen is vrij en stoppen kan altijd. Vraag het dus eerst."
)
_NEW = "new"
_LOW = 3
"""Below this score one line of explanation is asked."""


_NO_COACH = re.compile(r"(?:er is |we hebben |(?:hij|zij|ze) heeft |ik heb |nog )*(?:geen|niet)\b.*|hebben we niet|(?:die|dat) is er niet")


def _scale(factor: Factor) -> dict[int, str]:
    """The words of the scale, with those of this factor at both ends."""
    return {**SCALE, 1: factor.low, 5: factor.high}


def score_text(value: Any, factor: Factor | None = None) -> str:
    """A stored score in words: '2 (matig): ze meldt zich vaak ziek'."""
    words = f": {value['words']}" if value.get("words") else ""
    scale = _scale(factor) if factor is not None else SCALE
    return f"{value['score']} ({scale[value['score']]}){words}"


def _kept_words(text: str, score: int) -> str:
    """The words beside a score, without medical terms; nothing when they only repeat the score."""
    said = text.strip()
    if find_medical(said):
        said = without_medical(said) or ""
    only_score = plain(said) in (str(score), SCALE[score]) or len(said.split()) <= 2
    return "" if only_score else said[:200]


def _score_value(factor: Factor, step: Step) -> Any:
    def validate(text: str, message: Message) -> Any:
        # Only a button's own words or its figure: "zwaar" is not yet "duidelijk te zwaar".
        button = match_button(step, message)
        if button is not None and (message.choice is not None or plain(text) in (plain(button.title), button.payload)):
            return {"score": button.choice, "words": ""}
        found = checkin_words.read_score(text, factor)
        if found is None and factor.key == "coach" and _NO_COACH.fullmatch(plain(text)):
            return Problem("Is er geen coach? Dan slaan we deze vraag over.", (Button("Overslaan", "Overslaan"),))
        if found is None:
            return Problem("Welk cijfer past daarbij, van 1 tot 5? U mag het ook in woorden zeggen, zoals 'gaat wel'.", step.buttons)
        if not found.sure:
            near = sorted({max(1, found.value - 1), found.value, min(5, found.value + 1)})
            return Problem(
                f"Bedoelt u een {found.value} ({_scale(factor)[found.value]})?",
                tuple(Button(f"{value} ({_scale(factor)[value]})", str(value), value) for value in near),
            )
        return {"score": found.value, "words": _kept_words(found.words, found.value)}

    return validate


def _place_value(text: str, message: Message) -> Any:
    found = place_finder.find_place(text)
    region = found.region
    if region is not None:
        return {"code": region.code, "name": region.name}
    buttons = tuple(Button(option.label, option.label) for option in found.options)
    return Problem(found.question or "Die plaats ken ik niet. Noem de gemeente of de postcode.", buttons)


_YES_NO = (Button("Ja", "Ja, dat mag", True), Button("Nee", "Nee, liever niet", False))


class CheckinFlow:
    """See `actions.flow.Flow`. Answers: placement, consent, nickname, started, place, alert, mirror, employee_email, email (both
    sealed), the factors, why_<factor>, wish.
    """

    name = "checkin"
    title = "Check-in over een plaatsing"
    result = "Aan het eind ziet u hoe de plaatsing ervoor staat: groen, oranje of rood, met wat u kunt doen."

    def prefill(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """The placements of this conversation (`known`), the only one of them, and the region that was named before."""
        found = placements.of_conversation(str(context.get("conversation_id") or ""))
        running = [{"id": p.id, "nickname": p.nickname} for p in found if p.ended is None]
        known: dict[str, Any] = {"known": running, **known_mail(context)}
        if not running:
            known["placement"] = _NEW
        region = regions.region(str(context["region"])) if context.get("region") else None
        if region is not None:
            known["place"] = {"code": region.code, "name": region.name}
        return known

    def opening(self, answers: Answers) -> str:
        """What is said first."""
        return (
            "We lopen acht korte vragen langs. Antwoord met een cijfer van 1 tot 5, of in woorden. "
            "Vertel wat u op het werk ziet: geen namen en niets over gezondheid."
        )

    def steps(self, answers: Answers) -> list[Step]:
        """Which placement, the questions, a line of explanation at a low score, what would help; last whether to keep it."""
        steps = [self._which(answers)] if answers.get("known") else []
        for factor in FACTORS:
            steps.append(self._question(factor))
            given = answers.get(factor.key)
            if given and given["score"] < _LOW and not given["words"]:
                steps.append(
                    Step(
                        f"why_{factor.key}",
                        f"{factor.label} kreeg een {given['score']}. Wat ziet u op het werk? Eén zin is genoeg.",
                        label=f"toelichting {factor.label.lower()}",
                        why="Dan weet u later nog waar het aan lag.",
                        validate=work_text,
                    )
                )
        steps.append(
            Step(
                "wish",
                "Wat zou het meest helpen om dit te laten slagen?",
                label="wat helpt",
                why="Eén ding is genoeg. Het komt in uw overzicht.",
                validate=work_text,
            )
        )
        if answers.get("placement") == _NEW:
            steps += self._registration(answers)
        return steps

    @staticmethod
    def _which(answers: Answers) -> Step:
        known = answers.get("known") or []
        buttons = (*(Button(p["nickname"], p["nickname"], p["id"]) for p in known), Button("Een nieuwe plek", "Een nieuwe plek", _NEW))
        return Step("placement", "Over welke plek gaat het?", "choice", label="plek", buttons=buttons, allow_skip=False)

    @staticmethod
    def _registration(answers: Answers) -> list[Step]:
        steps = [
            Step(
                "consent",
                CONSENT,
                "consent",
                label="toestemming",
                details="Zegt u ja, dan volgen nog zes korte vragen over de plek.",
                why="Zonder uw akkoord bewaar ik niets. U krijgt dan wel de uitkomst van deze ene keer.",
                buttons=_YES_NO,
            )
        ]
        if not answers.get("consent"):
            return steps
        steps += [
            Step(
                "nickname",
                "Hoe noemen we deze plek? Kies een bijnaam voor het werk, niet de naam van de medewerker.",
                label="bijnaam",
                allow_skip=False,
                why="Zo vindt u de plek terug zonder dat er een naam staat.",
                example="Bijvoorbeeld: 'Inpakker ochtend'.",
                validate=work_text,
            ),
            Step(
                "started",
                "Op welke dag is de medewerker begonnen?",
                "date",
                label="startdag",
                allow_skip=False,
                why="De eerste maand is de check-in elke week, daarna om de week, daarna elke maand.",
                validate=date_value(today, "past", latest_days=365),
            ),
            Step(
                "place",
                "In welke gemeente wordt er gewerkt?",
                "place",
                label="plaats",
                allow_skip=False,
                why="Dan weet ik bij welke regio de plek hoort.",
                validate=_place_value,
                show=lambda value: value["name"],
            ),
            Step(
                "alert",
                SHARE,
                "consent",
                label="meekijken",
                why="Bij rood is overleg binnen twee werkdagen nodig. Met een coach die meekijkt, gaat dat sneller.",
                buttons=_YES_NO,
            ),
            Step(
                "mirror",
                MIRROR,
                "consent",
                label="medewerker",
                why="U ziet dan waar u allebei anders over denkt. Dat is een goed begin van een gesprek.",
                buttons=(Button("Ja, de medewerker wil dat", "Ja, de medewerker wil dat", True), Button("Nee", "Nee", False)),
            ),
        ]
        if answers.get("mirror"):
            question = "Wat is het mailadres van de medewerker?"
            why = "De eerste mail legt uit wie de cijfers ziet en hoe stoppen gaat. Stopt de medewerker, dan wis ik het adres en de antwoorden."
            steps.append(mail_step("employee_email", question, answers, why=why, own=False))
        question = "Op welk mailadres stuur ik u de volgende check-ins? Overslaan mag."
        why = "U krijgt een link waarmee u de vragen invult. Zonder adres kunt u hier terugkomen."
        steps.append(mail_step("email", question, answers, why=why))
        return steps

    @staticmethod
    def _question(factor: Factor) -> Step:
        buttons = tuple(Button(f"{value} ({words})", str(value), value) for value, words in _scale(factor).items())
        step = Step(
            factor.key,
            factor.question,
            "score",
            label=factor.label.lower(),
            why="Eén cijfer zegt weinig; de lijn over drie keer wel.",
            how=f"1 is '{factor.low}', 5 is '{factor.high}'. In woorden mag ook: 'gaat wel', 'hartstikke goed'.",
            buttons=buttons,
            show=lambda value: score_text(value, factor),
        )
        return replace(step, validate=_score_value(factor, step))

    def finish(self, answers: Answers, context: Mapping[str, Any]) -> list[Reply]:
        """Stores the check-in when that may, and says the colour, why, and what to do."""
        scores = {factor.key: answers[factor.key]["score"] for factor in FACTORS if answers.get(factor.key)}
        words = {
            factor.key: answers[factor.key]["words"] or answers.get(f"why_{factor.key}", "")
            for factor in FACTORS
            if answers.get(factor.key)
        }
        words = {key: text for key, text in words.items() if text}
        placement_id = self._placement(answers, context)
        if placement_id is None:
            return [self._result(checkin_rules.assess(scores), None, "Ik heb niets bewaard. ")]
        checkin = checkins.open_checkin(placement_id, today())
        found = checkins.answer(checkin.id, scores, words=words, wish=answers.get("wish"), today=today())
        assert found is not None  # the employer's view is always assessed
        followed = placements.get(placement_id)
        note = ""
        if found.colour == "rood" and followed.alert_coach and followed.coach_id:
            note = "De coach in uw regio krijgt bericht. "
        paper = papers.keep("placement", {"placement_id": placement_id}, context.get("conversation_id"))
        return [self._result(found, paper, note, placement_overview.overview(placement_id))]

    @staticmethod
    def _placement(answers: Answers, context: Mapping[str, Any]) -> str | None:
        if answers.get("placement") != _NEW:
            return str(answers["placement"]) if answers.get("placement") else None
        if not answers.get("consent"):
            return None
        code = answers["place"]["code"]
        serving = directory.serving(code)
        return placements.register(
            nickname=answers["nickname"],
            region=code,
            started=date.fromisoformat(answers["started"]),
            consent="\n".join([CONSENT, *((SHARE,) if answers.get("alert") else ()), *((MIRROR,) if answers.get("mirror") else ())]),
            conversation_id=context.get("conversation_id"),
            coach_id=serving[0].id if serving else None,
            employer_email=address(answers, "email"),
            employee_email=address(answers, "employee_email"),
            alert_coach=bool(answers.get("alert")),
        ).id

    @staticmethod
    def _result(found: checkin_rules.Assessment, paper: str | None, note: str, overview: placement_overview.Overview | None = None) -> Reply:
        reasons = "\n".join(f"- {reason}" for reason in found.reasons[:5])
        parts = [f"**Uitkomst: {found.colour}.** {found.advice} {note}".strip(), reasons]
        if overview is not None and overview.gaps:
            labels = ", ".join(checkin_rules.FACTOR[key].label.lower() for key in overview.gaps)
            parts.append(f"De medewerker gaf bij {labels} een heel ander cijfer. Bespreek dat samen.")
        if len(overview.checkins if overview else ()) < 3:
            parts.append("Eén keer zegt weinig. Kijk naar de lijn over drie keer.")
        extra: dict[str, Any] = {"topic": "opvolging/checkin", "flow": None, "step": None, "asks_for": None}
        if paper is not None:
            extra["files"] = papers.links(paper)
        more = Button("Pas een werkafspraak aan", "Ik wil werkafspraken opstellen", {"topic": "werkafspraken/opstellen"})
        buttons = (
            (Button("Spreek een coach", "Ik wil een coach spreken", {"topic": "coach/spreken"}), more)
            if found.colour != "groen"
            else (more,)
        )
        return Reply("\n\n".join(part for part in parts if part), buttons, extra)


CHECKIN = CheckinFlow()


class ValidateCheckinForm(ValidateFlow):
    """`validate_checkin_form`."""

    flow = CHECKIN


class AskCheckin(AskFlow):
    """`action_ask_checkin_form_answer`."""

    flow = CHECKIN


class SubmitCheckin(SubmitFlow):
    """`action_submit_checkin`."""

    flow = CHECKIN


class ActionPlacementReport(SafeAction):
    """`action_placement_report`: the overview of the placements of this conversation."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_placement_report"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Says the colour of each placement with its report to download, or offers the first check-in."""
        utter(dispatcher, await asyncio.to_thread(report_replies, tracker.sender_id))
        return []


def report_replies(conversation_id: str) -> list[Reply]:
    """One reply per placement of the conversation, or an offer to begin."""
    found = placement_overview.overviews(placements.of_conversation(conversation_id))
    if not found:
        text = "Er is nog geen check-in van u om in een overzicht te zetten. Wilt u de eerste nu invullen?"
        return [
            Reply(
                text,
                (Button("Nu een check-in doen", "Ik wil een check-in doen", {"topic": "opvolging/checkin"}),),
                {"topic": "opvolging/rapport"},
            )
        ]
    return [_report_reply(overview, conversation_id) for overview in found[:3]]


def _report_reply(overview: placement_overview.Overview, conversation_id: str) -> Reply:
    lines = [f"**{overview.placement.nickname}**: {len(overview.checkins)} check-ins, nu {overview.colour or 'nog geen kleur'}."]
    for factor in FACTORS:
        line, trend = overview.line(factor.key), overview.trend(factor.key)
        if line:
            direction = "" if not trend else ", gaat omhoog" if trend > 0 else ", gaat omlaag"
            lines.append(f"- {factor.label}: {line[-1][1]}{direction}")
    if overview.next_due:
        lines.append(f"\nVolgende check-in: {day_text(overview.next_due)}.")
    paper = papers.keep("placement", {"placement_id": overview.placement.id}, conversation_id)
    extra = {"topic": "opvolging/rapport", "files": papers.links(paper)}
    return Reply("\n".join(lines), (Button("Nu een check-in doen", "Ik wil een check-in doen", {"topic": "opvolging/checkin"}),), extra)
