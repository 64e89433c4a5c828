"""What a typed text means whatever the model makes of it: a button that was offered, a command, an empty remark, a bare place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from actions import about_answer, compare, schemes
from actions.coach_words import correction_of
from actions.conversation import wants_paper
from actions.phrases import AND_SO, NO, YES, plain, wants_resume
from nlu import entities
from steunwijzer import known_contact, place_finder, regions
from steunwijzer.contact import parse_contact
from steunwijzer.conversations import Conversation, Message
from steunwijzer.masking import mask
from steunwijzer.place_words import COMMON_WORDS, NEVER_IN_SENTENCE

# "Arbeidsmarktregio Zuid-Kennemerland en IJmond" and the like fit; a sentence does not
_LONGEST_PLACE = 60
# What takes a request to a coach back, in words that can mean nothing else; "annuleer" alone is asked.
CANCELS = re.compile(
    r"(?:ik wil |kan ik |graag |kunt u |kun je |wil je )?(?:mijn |de |het |dat )?(?:verzoek|aanvraag|terugbel\w*|afspraak)\b.{0,30}"
    r"\b(?:intrekken|annuleren|stoppen|niet meer nodig|afzeggen|cancelen|in)(?: graag| maar|,? laat maar| aub)*"
    r"|(?:trek|annuleer|cancel|stop|zeg)\b.{0,12}\b(?:verzoek|aanvraag|terugbel\w*|afspraak)\b.{0,30}"
    r"|(?:de |een )?coach hoeft? (?:mij |me )?niet meer.{0,20}|(?:u|jullie|je) hoef\w* (?:mij |me )?niet meer te bellen.{0,20}"
)
_CONTACT_ONLY = re.compile(r"(?:\[(?:telefoonnummer|e-mailadres)\][ ,]*(?:en|of)?[ ,]*)+")
_ACH = r"(?:ok[eé]? |nee |toch |dan |ach |laat maar |ik wil (?:het |dat )?|kan ik (?:het |dat )?)*"
_CANCEL_PERHAPS = re.compile(
    rf"{_ACH}(?:(?:annuleer|annuleren|cancel|intrekken)(?: (?:maar|graag|het|dat|aub))*"
    r"|trek (?:(?:het|hem|dat|die|maar|toch|weer|nu|alles|dan) )*(?:weer )?in(?: graag| maar| aub)*)"
)
# These words are about the request that waits only when it was what was talked about last.
_ENOUGH = re.compile(
    rf"{_ACH}(?:(?:laat|hoeft?)(?: (?:het|dat|die coach|de coach|een coach|toch|nu|maar|al|ook|voor mij))* ?"
    r"(?:maar zitten|maar|niet(?: meer)?|zitten)"
    r"|(?:is )?(?:toch |al )?niet meer nodig|(?:toch )?(?:maar )?geen coach(?: meer)?)"
)
_ABOUT_REQUEST = re.compile(
    r"(?:en |ok[eé]? |maar )*(?:hoe ?lang (?:duurt|gaat) (?:dat|het|dit)(?: nog| ongeveer| eigenlijk| duren| dan)*|hoe ?lang moet ik wachten"
    r"|duurt (?:dat|het) (?:nog )?lang|wanneer (?:is|gebeurt|hoor ik|weet ik|komt) (?:dat|iets|wat|meer|er iemand|die|hij|ze)"
    r"|wanneer (?:bellen|belt|appt|mailt) (?:jullie|hij|ze|die|de coach|iemand)|wie is (?:dat|die coach|de coach)(?: dan)?"
    r"|wat gebeurt er (?:nu|dan|verder)) ?\??"
)
# Saying "ga verder" is the same as asking for the flow that waits: its form takes it up again.
START_OF_FLOW: dict[str, dict[str, Any]] = {
    "prevention": {"topic": "preventie/stappenplan"},
    "werkafspraken": {"topic": "werkafspraken/opstellen"},
    "checkin": {"topic": "opvolging/checkin"},
    "schemes": {"start": "schemes"},
    "handoff": {"topic": "coach/spreken"},
    "callback": {"topic": "coach/terugbellen"},
}
_LEAD_IN = re.compile(
    r"\s*(?:(?:dat (?:bedoel|bedoelde|vroeg) ik (?:niet|helemaal niet)|zo bedoel(?:de)? ik (?:het|dat) niet|dat is niet wat ik (?:vroeg|bedoel\w*)"
    r"|u begrijpt (?:me|mij) (?:verkeerd|niet)|nee|neen|ja|jawel|jaja|wacht|sorry|oh|ok[eé]?|nou|maar|hoor|dank(?:jewel|uwel|(?: je| u)?(?: wel)?)"
    r"|bedankt|thanks|merci|top|helder|duidelijk|(?:dan )?(?:nog )?(?:even )?(?:iets (?:heel )?anders|(?:een )?(?:andere|nieuwe) vraag))[\s,.!:;]+)+"
    r"(?:even[\s,]+)?"
    r"(?P<meant>(?:ik bedoel(?:de)?|ik heb het over|het gaat (?:om|over))[\s,:]+)?",
    re.IGNORECASE,
)
# "niet ontslag, ik wil haar juist houden": what it is not about
_DENIED = re.compile(r"^(?:geen|niet)\b(?: \w+){1,3}?(?: ?[,.;:]+| maar\b)(?: (?:maar|gewoon|wel|juist|alleen)\b)*\s*", re.IGNORECASE)
_ENOUGH_AFTER_LEAD = 4  # words: "nee dank u wel" is a no
_ORDINALS = ("eers", "twee", "derd", "vier", "vijf")
_LAST = ("laatste", "onderste")
_ORDINAL = re.compile(
    r"(?:(?:ik bedoel|doe(?: maar)?|graag|ja|nou|dan) )*(?:(?:de|het|optie|keuze|nummer|nr|antwoord|knop|die) )*"
    r"(?:(?P<number>[1-5])(?:e|de|ste)?|(?P<word>eerste|tweede|derde|vierde|vijfde|laatste|onderste))"
    r"(?: (?:optie|keuze|knop|vraag|antwoord|onderwerp|graag|maar|aub|dan|bedoel ik))*"
)
_LIST = re.compile(r"^\s*(?:\d+[.)]|-|\*) ", re.MULTILINE)
# the finder of schemes, asked for in other words than its button's
_WHICH_SCHEMES = re.compile(
    r"(?:(?:ik wil weten|kunt u zeggen|zoek uit|weet u) )?(?:welke|wat voor) (?:regelingen?|subsidies?|vergoedingen?|potjes?)"
    r"(?: er)? (?:past?|passen|gelden?|kan ik krijgen|kunnen|horen)(?: er)?(?: misschien)? (?:bij|voor) "
    r"(?:mij|ons|mijn (?:bedrijf|situatie|medewerker|werknemer|organisatie|zaak)|deze (?:medewerker|werknemer|situatie)|hem|haar)"
)
_NEAR_SCHEMES = ("situatie/contract", "regeling/", "aannemen/", "ips/", "instrument/", "netwerk/", "bot/", "regio/")
_YOUR_CHOICE = re.compile(
    rf"{AND_SO}(?:welke? (?:zou|zal) (?:u|je|jij) (?:(?:dan|zelf|nou|ons|mij) )*(?:nemen|kiezen|doen|aanraden|pakken)"
    r"|(?:wat|welke?) (?:raadt?|adviseert?) (?:u|je|jij)(?: \w+){0,2} ?(?:aan)?|wat (?:is|past)(?: \w+){0,2} (?:het )?beste?(?: \w+){0,4}"
    r"|welke? (?:is|past|kies|neem|moet|kan)(?: \w+){0,3} (?:ik|we|mij|ons|beste?|hebben|nemen)(?: (?:dan|nou|nu|aanvragen))?)"
)
# a few words that only add to what was told
_HOW_LONG_ALREADY = re.compile(
    r"(?:(?:en|nou|ja|dat|dit|is|het|hij|zij|ze|gaat|duurt|zo|nu|ook)[, ]+)*(?:al|sinds|zeker|bijna|nu) (?:al )?(?:\w+ ){1,3}?"
    r"(?:dagen|we[e]?k|weken|maand|maanden|jaar|jaren|zomer|winter|vakantie|kerst|voorjaar|najaar)(?: lang| zo| aan de gang| bezig)*"
    r"|(?:(?:en|nou|ja|dit|dat|het|is|was|al|nu|weer|voor)[, ]+)*(?:de |het )?(?:\d+e|tweede|derde|vierde|vijfde|zoveelste) keer(?: \w+){0,3}"
)
_GO_ON = re.compile(r"(?:(?:nou|en|dus|ja|maar|hallo)[\s,]*)+\?+", re.IGNORECASE)
_LAUGH = re.compile(
    r"(?:(?:(?:ha){2,}h?|(?:he){2,}|(?:hi){2,}|lo+l|lmao|xd+|tja+|hm+|pf+|grapje|geintje|sorry|excuus|excuses|pardon|oeps)[\s.!]*)+", re.IGNORECASE
)


def _as_typed(text: str) -> str:
    """A text in the form in which people type a button's: small letters, no commas."""
    return " ".join(text.casefold().replace(",", " ").split()).strip(" .!")


def button_choice(recent: list[Message], text: str) -> tuple[str, Any]:
    """The choice behind a text equal to a button that was offered last: (the button's title, its JSON or None).

    A button whose choice says ``yes`` or ``no`` is also meant by any plain yes or no.
    """
    wanted = _as_typed(text)
    said = {"yes": bool(YES.fullmatch(plain(text))), "no": bool(NO.fullmatch(plain(text)))}
    for message in reversed(recent):
        if message.sender == "user":
            break
        for button in message.payload.get("buttons") or []:
            if wanted in (_as_typed(str(button["value"])), _as_typed(str(button["title"]))):
                return str(button["title"]), button.get("choice", {})
            choice = button.get("choice")
            if isinstance(choice, Mapping) and any(said[key] and choice.get(key) for key in said):
                return str(button["title"]), dict(choice)
    return "", None


def ordinal_choice(recent: list[Message], text: str) -> Any:
    """The choice behind "de tweede", "2" or "de laatste" said of the buttons that were offered last; None for any other text.

    When there is nothing to count, or the text above the buttons is itself a list ("de eerste" may then mean its first point), the assistant asks.
    """
    found = _ORDINAL.fullmatch(plain(text))
    if found is None:
        return None
    last = recent[-1] if recent else None
    if last is None or last.sender != "assistant" or _LIST.search(last.payload.get("text") or ""):
        return {"something_else": True}
    buttons = last.payload.get("buttons") or []
    words = found["word"] or ""
    number = int(found["number"]) if found["number"] else len(buttons) if words in _LAST else _ORDINALS.index(words[:4]) + 1
    return buttons[number - 1].get("choice") if len(buttons) > 1 and 0 < number <= len(buttons) else {"something_else": True}


def in_flow(conversation: Conversation) -> bool:
    """Whether a guided flow waits for an answer."""
    return (conversation.flow or {}).get("status") == "open"


def request_waits(state: Mapping[str, Any]) -> bool:
    """Whether a coach has a request of the visitor, or took it on."""
    return state["handoff"] in ("requested", "accepted")


def command_choice(text: str, conversation: Conversation, state: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a text means whatever the model makes of it: take the request back, go on with what waits, the region of a bare place name."""
    said = plain(text)
    flow = conversation.flow or {}
    if in_flow(conversation):
        return None
    if CANCELS.fullmatch(said):
        return {"topic": "coach/status", "cancel": True}
    waits = request_waits(state)
    if waits:
        contact = known_contact.mended(text, known_contact.of_state(state)) or parse_contact(text)
        changed = correction_of(text, phone=bool(contact.phone), email=bool(contact.email))
        if changed is not None:
            return changed
    if _CONTACT_ONLY.fullmatch(mask(text).text.strip(" .!")):
        return {"topic": "coach/spreken"}
    about_request = waits and str(state.get("topic") or "").startswith("coach/")
    if waits and _CANCEL_PERHAPS.fullmatch(said) or about_request and _ENOUGH.fullmatch(said):
        return {"topic": "coach/status", "cancel": "perhaps"}
    if about_request and _ABOUT_REQUEST.fullmatch(said):
        return {"topic": "coach/status"}
    if flow.get("status") == "paused" and flow.get("flow") in START_OF_FLOW and wants_resume(text):
        return START_OF_FLOW[flow["flow"]]
    if wants_paper(text, after=state.get("last_topic")):
        return {"topic": "bot/gesprek_bewaren"}
    if _WHICH_SCHEMES.fullmatch(said.rstrip(" ?")):
        return {"start": "schemes"}
    if both := compare.asked(text, state.get("last_topic")):
        return {"start": "about_answer", "about": "compare", "compared": list(both)}
    compared = state.get("compared") or []
    one = compare.meant(text, compared, state.get("last_topic"))
    if one is not None:
        whole = one in ("both", "which")
        return {"start": "about_answer", "about": one if whole else "one", "of": compared if whole else one}
    if (benefit := schemes.benefit_told(text)) is not None:
        about_schemes = not state.get("last_topic") or str(state["last_topic"]).startswith(_NEAR_SCHEMES)
        return {"start": "schemes", "benefit": benefit, "afresh": True} if about_schemes else {"topic": "regeling/overzicht"}
    if state.get("last_topic") and str(state["last_topic"]).startswith("regeling/") and _YOUR_CHOICE.fullmatch(said.rstrip(" ?")):
        return {"start": "schemes"}
    if state.get("last_topic") and (_HOW_LONG_ALREADY.fullmatch(said) or _GO_ON.fullmatch(text.strip())):
        return {"topic": "vervolg/anders"}
    if (bare := noise(text)) is not None:
        return {"start": "about_answer", "about": "short" if bare == "asks" and state.get("last_topic") else "noise"}
    asked = about_answer.wish(text) if state.get("last_topic") else None
    if asked is not None:
        return {"start": "about_answer", "about": asked}
    if is_bare_place(text, asked=state.get("asks_for") == "place"):
        return {"topic": "regio/zoeken"}
    return None


def noise(text: str) -> Literal["asks", "says nothing"] | None:
    """Whether a message has no words: a laugh, a smiley, a dot; "asks" for a bare question mark. None for anything that says something."""
    if not any(character.isalnum() for character in text):
        return "asks" if "?" in text else "says nothing"
    return "says nothing" if _LAUGH.fullmatch(text.strip()) else None


def without_lead(text: str) -> str | None:
    """What follows a "nee", "ja" or "wacht" that only leads in to it ("nee, ik bedoel uitstelgedrag"); None when nothing worth reading does."""
    found = _LEAD_IN.match(text)
    rest = _DENIED.sub("", text[found.end() :].strip()) if found else ""
    enough = 1 if found and found["meant"] else _ENOUGH_AFTER_LEAD
    return rest if len(rest.split()) >= enough else None


def is_bare_place(text: str, *, asked: bool) -> bool:
    """Whether a message is nothing but a place or postcode; when a place was just ``asked`` for, also an everyday word or a misspelling."""
    if asked:
        return place_finder.find_place(text).kind != "unknown"
    bare = text.strip(" .!?")
    if len(bare) > _LONGEST_PLACE or regions.normalised(bare) in COMMON_WORDS | NEVER_IN_SENTENCE:
        return False
    whole = any(m.kind in ("place", "postcode", "region") and m.start == 0 and m.end >= len(bare) for m in entities.find(bare))
    return whole and place_finder.find_place(text).kind in ("found", "choose")
