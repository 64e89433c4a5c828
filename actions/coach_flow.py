"""The guided flow of a request to a coach: its steps, what is sent, and what the visitor sees of that before.

Answers of the flow: ``key`` (makes sending twice the same as once), ``subject``, ``place`` {name, label, region, gemeenten, assumed}, ``contact``
{phone, email, name: bool; chat: bool}, ``known`` (the same, for contact data said earlier), ``day`` {date, wanted}, ``time`` (a wished
time or day in words, said apart from it), ``consent`` "yes" or "no".
Contact data itself never stands here: it is in the conversation's state (``steunwijzer.known_contact``), and texts hold placeholders.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from actions import coach_words
from actions.call_day import at_time, clock_words, day_buttons, day_of, day_value, moment
from actions.flow import Answers, Button, Later, Message, Problem, Reply, Step
from actions.phrases import plain
from actions.subject import UNKNOWN, about
from actions.work_text import work_text
from steunwijzer import calendar_nl, conversations, directory, handoff, handoff_consent, handoff_request, known_contact, place_finder, regions
from steunwijzer.dutch_dates import is_after
from steunwijzer.handoff_request import Draft, Kind, Preview, Request
from steunwijzer.known_contact import CONTACT, NAME, KnownContact
from steunwijzer.masking import LABELS, mask
from steunwijzer.place_result import Place, PlaceResult
from steunwijzer.settings import get_settings

MAIL_WISH = "antwoord per e-mail"
CANCEL_BUTTON = Button("Trek mijn verzoek in", "Trek mijn verzoek in", {"topic": "coach/status", "cancel": True})
BY_PHONE = re.compile(r"\b(?:bel|bellen|telefonisch|telefoon|appen|whatsapp)\b")
_HURRY = re.compile(r"\b(?:zo (?:snel|spoedig|gauw) mogelijk|z\.?s\.?m|asap|met spoed|dringend|spoed)\b")
_LIVES_IN = re.compile(
    r"\b(?:zit|zitten|gevestigd|bedrijf|zaak|winkel|werk\w*|woon\w*|staat|ligt)\b.*\b(?:in|te|uit|bij)\b"
    r"|\b(?:coach|iemand) (?:in|uit|bij)\b"
)


def office() -> str:
    """Where a visitor can turn without leaving contact data."""
    settings = get_settings()
    return f"{settings.office_name}: {settings.office_phone or settings.office_email}"


def place_value(place: Place) -> dict[str, Any]:
    """A place as the flow keeps it."""
    return {
        "name": place.name,
        "label": place.label,
        "region": place.region.code,
        "gemeenten": [each.code for each in place.gemeenten],
    }


def region_name(place: Mapping[str, Any]) -> str:
    """The name of the region of a kept place."""
    found = regions.region(str(place["region"]))
    return found.name if found else str(place["region"])


def belongs(place: Mapping[str, Any]) -> str:
    """``Tiel hoort bij arbeidsmarktregio Rivierenland.``"""
    if place.get("assumed"):
        shown = handoff_consent.place_in_region(str(place["label"]), str(place["region"]))
        return f"Ik ga uit van {shown}. Is het werk ergens anders? Noem dan die plaats."
    found = regions.region(str(place["region"]))
    spoken = found.spoken if found else region_name(place)
    if not place["gemeenten"] and place["name"] == region_name(place):
        return f"Dat is arbeidsmarktregio {spoken}."
    return f"{place['name']} hoort bij arbeidsmarktregio {spoken}."


def option_of(labels: list[str], text: str) -> str | None:
    """Which of the offered labels a text means: its words, or a part of exactly one ("limburg", "die in Gelderland")."""
    words = [
        word for word in regions.normalised(text).split() if len(word) > 2 and word not in ("gemeente", "die", "dat", "het", "bij", "regio")
    ]
    shown = {label: regions.normalised(label) for label in labels}
    exact = [label for label, plain_label in shown.items() if plain_label == regions.normalised(text)]
    if exact:
        return exact[0]
    common = set.intersection(*(set(plain_label.split()) for plain_label in shown.values())) if shown else set()
    telling = [word for word in words if word not in common]
    found = [label for label, plain_label in shown.items() if telling and any(word in plain_label.split() for word in telling)]
    if len(found) == 1:
        return found[0]
    # "die in Gelderland" after "Welke Hengelo?"
    together = place_finder.find_place(f"{labels[0].split(' (')[0]} in {text}") if labels else None
    return together.place.label if together and together.place and together.place.label in labels else None


def names_place(message: Message) -> bool:
    return any(message.entity(kind) for kind in ("place", "postcode", "region"))


def _subject_text(text: str, message: Message) -> Any:
    """The subject in the visitor's own words, about work and without names of persons."""
    if coach_words.names_only(text):
        return Problem("Een naam stuur ik niet mee. Schrijf liever wat er op het werk speelt.")
    unnamed = mask(text, persons=True).text
    found = work_text(unnamed, message)
    if not isinstance(found, Problem):
        return found
    # a clause that is left of it may be nothing but a name
    kept = tuple(button for button in found.buttons if LABELS["person"] not in button.payload)
    lines = [line for line in found.text.split("\n") if LABELS["person"] not in line]
    return replace(found, text="\n".join(lines), buttons=kept)


def conversation_topics(conversation_id: str) -> list[str]:
    """The topics that were answered in a conversation, oldest first."""
    conversation = conversations.get(conversation_id)
    return list(conversation.state.get("topics") or []) if conversation else []


# --- the flows ----------------------------------------------------------------------------------------------------------------------


class CoachFlow:
    """A way to a coach; see `actions.flow_forms.GuidedFlow`."""

    kind: Kind
    name: str
    title: str
    topic: str

    def prefill(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """What is known: the place (``told``, see ``told_place``), what it is about, contact data (as yes or no), a wanted day."""
        conversation_id = str(context.get("conversation_id") or "")
        known = known_contact.of_conversation(conversation_id)
        earlier: Mapping[str, Any] = context.get("earlier_answers") or {}
        beside = context.get("told_beside")
        topics = [*conversation_topics(conversation_id), *([beside] if beside else [])]
        message: Message | None = context.get("message")
        answers: dict[str, Any] = {
            "key": secrets.token_urlsafe(12),
            "subject": earlier.get("subject") or _opening_subject(message.text if message else "", about(topics, context.get("behaviour"))),
        }
        told = context.get("told")
        if earlier.get("place"):
            answers["place"] = earlier["place"]
        elif told and told[1].kind == "found" and told[1].place:
            answers["place"] = place_value(told[1].place)
            if context.get("page_place") and told[0] == context.get("place"):
                # Said by the website around the chat, not by the visitor.
                answers["place"]["assumed"] = True
        if known:
            answers["known"] = self._marks(known)
            given = (message.metadata.get("contact") or {}) if message else {}
            if (given.get("phone") or given.get("email")) and self._enough(answers["known"]):
                # Said in the very message that asks for a coach: the consent shows it, no question needed.
                answers["contact"] = answers["known"]
        self._taken_along(answers, earlier)
        if message is not None and self.kind == "handoff" and BY_PHONE.search(plain(message.text)) and (wish := moment(message.text)):
            answers["time"] = wish
        return answers

    def _taken_along(self, answers: dict[str, Any], earlier: Mapping[str, Any]) -> None:
        """What was answered in an earlier try: how to be reached, as far as it is still known, and when."""
        contact = earlier.get("contact") or {}
        marks = {key: bool(contact.get(key) and (answers.get("known") or {}).get(key)) for key in ("phone", "email", "name")}
        if "contact" not in answers and (marks["phone"] or marks["email"]):
            answers["contact"] = marks
        elif "contact" not in answers and contact.get("chat") and self.kind == "handoff":
            answers["contact"] = dict(contact)
        day = earlier.get("day") or {}
        passed = bool(day.get("date")) and date.fromisoformat(day["date"]) < calendar_nl.today()
        if day and not passed and self.kind == "callback":
            answers["day"] = day
        elif day and not passed:
            answers["time"] = day["wanted"]
        if earlier.get("time"):
            answers.setdefault("time", earlier["time"])

    @staticmethod
    def _marks(known: KnownContact) -> dict[str, bool]:
        return {"phone": bool(known.phone), "email": bool(known.email), "name": bool(known.name)}

    def _enough(self, marks: Mapping[str, Any]) -> bool:
        return bool(marks.get("phone") or marks.get("email"))

    def opening(self, answers: Answers) -> str:
        """Yes, and what is known already."""
        return f"Dat kan. {belongs(answers['place'])}" if "place" in answers else "Dat kan."

    def steps(self, answers: Answers) -> list[Step]:
        """Place, contact, for a call the day, consent; the subject is known and can be changed."""
        steps = [self._subject_step(), self._place_step(), self._contact_step(answers)]
        if self.kind == "callback" and (answers.get("contact") or {}).get("phone", True):
            steps.append(self._day_step())
        steps.append(self._consent_step())
        return steps

    @staticmethod
    def _subject_step() -> Step:
        return Step(
            "subject",
            "Waar gaat het over? Schrijf in één of twee zinnen wat er op het werk speelt, zonder namen.",
            label="onderwerp",
            example="Bijvoorbeeld: 'Medewerker in het magazijn durft geen hulp te vragen.'",
            validate=_subject_text,
            allow_skip=False,
            asks_for="step_answer",
            no_is_answer=False,
        )

    @staticmethod
    def _place_step() -> Step:
        return Step(
            "place",
            "In welke plaats is het werk? Een postcode mag ook.",
            "place",
            label="plaats",
            why="Elke coach werkt in een eigen regio. Met de plaats of postcode vind ik de coach die bij u hoort.",
            how="Noem de gemeente, de plaats of de postcode van het werk.",
            allow_skip=False,
            show=lambda place: str(place["label"]),
        )

    def _contact_step(self, answers: Answers) -> Step:
        refuse = Button("Liever niet", "Liever niet")
        if self._enough(answers.get("known") or {}):
            question = f"Mag de coach u bereiken op {CONTACT}?"
            buttons: tuple[Button, ...] = (Button("Ja, dat klopt", "Ja, dat klopt"), Button("Nee, iets anders", "Nee, iets anders"), refuse)
        else:
            question, buttons = self.contact_question(), (refuse,)
        return Step(
            "contact",
            question,
            "contact",
            label="contact",
            buttons=buttons,
            why="Alleen de coach krijgt dit, en pas als u toestemming geeft.",
            example="Bijvoorbeeld: 06 12345678, of naam@bedrijf.nl.",
            allow_skip=False,
            show=lambda contact: known_contact.placeholder(contact) or "geen; u chat hier met de coach",
        )

    def contact_question(self) -> str:
        """How contact is asked."""
        return "Hoe kan de coach u bereiken? Een telefoonnummer of e-mailadres is genoeg."

    def _day_step(self) -> Step:
        return Step(
            "day",
            "Op welke dag mag de coach u bellen?",
            "date",
            label="dag",
            buttons=Later(day_buttons),
            why="Coaches bellen op werkdagen, onder werktijd.",
            example="Bijvoorbeeld: 'dinsdagmiddag' of '14 december'.",
            allow_skip=False,
            show=lambda day: str(day["wanted"]),
        )

    def _consent_step(self) -> Step:
        return Step(
            "consent",
            self.consent,
            "consent",
            label="toestemming",
            buttons=(Button("Ja, stuur door", "Ja, stuur door"), Button("Aanpassen", "Aanpassen"), Button("Nee", "Nee")),
            why="Zonder uw toestemming gaat er niets naar een coach.",
            allow_skip=False,
        )

    # -- consent

    def draft(self, answers: Answers, conversation_id: str = "", contact: KnownContact | None = None) -> Draft:
        """The request as it would be sent; without ``contact`` its texts hold the placeholders."""
        marks, place, day = answers["contact"], answers["place"], answers.get("day") or {}
        shown = contact or KnownContact(
            None, known_contact.placeholder(marks), NAME if marks.get("name") else None
        )
        by_mail = self.kind == "callback" and not marks.get("phone")
        wished = day.get("date")
        return Draft(
            kind="handoff" if by_mail else self.kind,
            conversation_id=conversation_id,
            subject=answers["subject"],
            place=str(place["label"]),
            region=str(place["region"]),
            gemeenten=tuple(place["gemeenten"]),
            topic=self.topic,
            name=shown.name,
            phone=shown.phone,
            email=shown.email,
            wanted=_mail_wish(answers.get("time")) if by_mail else day.get("wanted") or answers.get("time"),
            wanted_date=date.fromisoformat(wished) if wished and not by_mail else None,
            key=answers["key"],
        )

    def preview(self, draft: Draft) -> Preview:
        """Who would get it now, and when an answer may be expected."""
        shown = handoff_consent.preview(draft.kind, draft.region, draft.gemeenten, wanted_date=draft.wanted_date)
        end = get_settings().work_end
        if draft.kind == "callback" and draft.wanted and is_after(draft.wanted, end):
            day = shown.expectation.removesuffix(", onder werktijd.")
            late = f"Coaches bellen meestal tot {end.hour}.{end:%M} uur. De coach ziet uw wens, maar later bellen kan niet altijd."
            return replace(shown, expectation=f"{day}. {late}")
        if draft.kind == "handoff" and draft.wanted and not draft.wanted.startswith(MAIL_WISH):
            return replace(shown, expectation=f"{shown.expectation} De coach ziet ook uw wens: {draft.wanted}.")
        return shown

    def consent(self, answers: Answers, shown: Preview | None = None) -> str:
        """Exactly what is sent and to whom (``shown``, or looked up), with what to expect; contact data as placeholder."""
        draft = self.draft(answers)
        shown = shown or self.preview(draft)
        asked, *lines, kept = handoff_consent.consent_text(draft, shown).split("\n")
        return "\n\n".join([asked, "\n".join(f"- {line}" for line in lines), shown.expectation, kept])

    def card(self, answers: Answers, shown: Preview | None = None) -> dict[str, Any]:
        """The consent as a card: what is sent, line by line, each with the words that change it."""
        draft = self.draft(answers)
        shown = shown or self.preview(draft)
        lines = [
            {"label": "Onderwerp", "value": draft.subject, "edit": "onderwerp aanpassen"},
            {"label": "Plaats", "value": handoff_consent.place_in_region(draft.place, draft.region), "edit": "plaats aanpassen"},
            {"label": "Contact", "value": draft.email or "geen; u chat hier met de coach", "edit": "contact aanpassen"},
        ]
        if draft.name:
            lines.insert(2, {"label": "Naam", "value": draft.name})
        if draft.wanted:
            edit = {"edit": "dag aanpassen"} if draft.kind == "callback" else {}
            lines.append({"label": "Wanneer", "value": draft.wanted, **edit})
        of = f" van {shown.organisation}" if shown.organisation else ""
        return {"kind": "consent", "title": f"Dit sturen we naar {shown.recipient}{of}", "lines": lines}

    def digest(self, answers: Answers, shown: Preview | None = None) -> str:
        """What the consent stands for: changes when what is sent or who gets it changes."""
        draft = self.draft(answers)
        return hashlib.sha256(handoff_consent.consent_text(draft, shown or self.preview(draft)).encode()).hexdigest()[:16]

    def finish(self, answers: Answers, context: Mapping[str, Any]) -> list[Reply]:
        """Makes the request, or says that nothing was sent."""
        closed: dict[str, Any] = {"flow": None, "step": None, "asks_for": None, "topic": self.topic}
        if answers["consent"] != "yes":
            return [
                Reply(
                    f"Goed, ik stuur niets. U kunt gewoon verder vragen, of zelf contact opnemen met {office()}.",
                    (Button("Spreek een coach", "Ik wil een coach spreken"),),
                    closed,
                )
            ]
        conversation_id = str(context["conversation_id"])
        marks = answers["contact"]
        known = known_contact.of_conversation(conversation_id)
        contact = KnownContact(
            known.phone if marks.get("phone") else None,
            known.email if marks.get("email") else None,
            known.name if marks.get("name") else None,
        )
        draft = self.draft(answers, conversation_id, contact)
        shown = self.preview(draft)
        try:
            request = handoff.create(draft, handoff_consent.consent_text(draft, shown))
        except (handoff_request.NotPossible, conversations.UnknownConversation) as problem:
            detail = problem.detail if isinstance(problem, handoff_request.NotPossible) else "Dit gesprek is niet bewaard."
            return [Reply(f"{detail} Ik heb niets verstuurd. Begin opnieuw, of neem contact op met {office()}.", extra=closed)]
        return [
            Reply(sent_text(request, shown), (CANCEL_BUTTON,), {**closed, "handoff": request.public_state, "region": request.region_name})
        ]


def _opening_subject(text: str, known: str) -> str:
    """What the message that asks for a coach says it is about, and what the conversation was about."""
    said = coach_words.opening_subject(text) or coach_words.told_about_work(text)
    if said is None:
        return known
    return said if known == UNKNOWN else f"{said} {known}"


def _mail_wish(time: str | None) -> str:
    return f"{MAIL_WISH} ({time})" if time else MAIL_WISH


def sent_text(request: Request, shown: Preview) -> str:
    """That a request left, at what time, to whom, and what happens next."""
    who = directory.coach(request.coach_id).name if request.coach_id else shown.recipient
    lines = [f"Verstuurd om {calendar_nl.clock(request.created)} naar {who}.", shown.expectation]
    if request.kind == "handoff" and not request.contact:
        lines.append("Het antwoord verschijnt hier. Laat deze pagina open, of kom later terug in dezelfde browser.")
    elif request.kind == "handoff" and shown.available:
        lines.append("Het antwoord komt hier in de chat; bent u er niet, dan neemt de coach contact op.")
    lines.append("U kunt intussen gewoon doorvragen.")
    return " ".join(lines)


def told_place(context: Mapping[str, Any]) -> tuple[str, PlaceResult] | None:
    """The text that named a place last, with what it means: the message that asks for a coach, else what was said before."""
    message: Message | None = context.get("message")
    if message is not None:
        found = place_finder.find_place(message.text)
        if found.kind in ("found", "choose", "foreign") or (found.kind == "confirm" and _LIVES_IN.search(message.text.lower())):
            return message.text, found
    before = context.get("place")
    if not before:
        return None
    text = str(before[-1] if isinstance(before, list) else before)
    return text, place_finder.find_place(text)


class HandoffFlow(CoachFlow):
    """A coach in this chat, or by telephone or mail."""

    kind: Kind = "handoff"
    name = "handoff"
    title = "Ik wil een coach spreken"
    topic = "coach/spreken"


class CallbackFlow(CoachFlow):
    """A coach who calls (or mails) on a day."""

    kind: Kind = "callback"
    name = "callback"
    title = "Laat een coach mij terugbellen"
    topic = "coach/terugbellen"

    def contact_question(self) -> str:
        return "Op welk telefoonnummer kan de coach u bellen? Liever een mail? Geef dan uw e-mailadres."

    def prefill(self, context: Mapping[str, Any]) -> dict[str, Any]:
        answers = super().prefill(context)
        message: Message | None = context.get("message")
        day = day_of(message.text) if message else None
        if message and day is None and _HURRY.search(plain(message.text)):
            soon = day_value("zo snel mogelijk")
            day = soon if isinstance(soon, dict) else None
        wish = clock_words(message.text) if message else None
        if wish:
            answers["time"] = wish
        if day is not None:
            answers["day"] = at_time(day, wish)
        return answers
