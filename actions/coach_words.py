"""What people say while a coach is asked for, beside the answer to the open question: pure readings of a text, no state.

All patterns are compared with `plain(text)` without a question mark, as a whole.
"""

from __future__ import annotations

import re
from typing import Literal

from actions.phrases import plain
from nlu import entities
from steunwijzer.dutch_dates import time_words
from steunwijzer.masking import LABELS, mask
from steunwijzer.rewording import find_medical, reword, without_medical

_YES_FIRST = r"(?:(?:ja|jawel|klopt|dat klopt|alles klopt|prima|ok[eé]?|goed|akkoord|graag),? )*"
SEND = re.compile(
    rf"{_YES_FIRST}(?:(?:stuur|verstuur|verzend)(?: (?:u|je))?(?: (?:het|dit|dat|alles))?(?: (?:maar|door|op|nu|zo|gerust|graag))*"
    r"|(?:(?:het|dit|dat|u|je) )?(?:(?:mag|kan|kunt) )?(?:(?:het|dit|dat|maar|nu|zo) )*(?:door|ver|op)?(?:sturen|zenden)"
    r"(?: (?:maar|graag|aub))*"
    r"|(?:dat )?mag(?: je| u)?(?: (?:door)?sturen)?)"
)
DO_NOT_SEND = re.compile(
    r"(?:nee,? )?(?:(?:niet|niets|niks) (?:door)?(?:ver)?sturen|stuur (?:het |dit )?niet(?: door)?|toch (?:maar )?niet|liever niet"
    r"|(?:doe (?:het |dat |dit )?(?:toch )?(?:maar )?niet|niet doen|laat (?:het )?maar(?: zitten)?))(?: hoor| graag)?"
)
WITHDRAW = re.compile(
    r"(?:nee,? )?(?:toch (?:maar )?niet|laat toch maar)"
    r"|(?:nee,? )?(?:ik wil )?(?:het |dit |mijn (?:verzoek|aanvraag) )?(?:weer )?intrekken(?: graag| maar)?"
    r"|(?:nee,? )?trek (?:(?:mijn|het|dit|de|maar|toch|weer) )*(?:verzoek |aanvraag )?(?:(?:maar|toch|weer) )*in"
)
SHOW = re.compile(
    r"(?:en |maar |ja )*(?!.*\bgegevens\b)(?:wat (?:schrijf|zet|stuur|verstuur|deel|vertel|zeg|geef)(?:t)? (?:u|je|jij|jullie)\b.{0,40}"
    r"|wat (?:staat|zit|gaat|komt|wordt) er\b.{0,45}|wat (?:ziet|krijgt|leest|hoort|weet) (?:(?:de|die) coach|die|hij|zij|ze)\b.{0,30}"
    r"|laat .{0,25}(?:zien|lezen)|(?:mag|kan) ik (?:het|dit|dat) (?:nog )?(?:eens |even |een keer )?(?:zien|(?:na|terug)?lezen|terugzien)"
    r"|nog (?:eens|een keer) (?:zien|lezen)"
    r"|wie (?:krijgt|leest|ziet) (?:dit|dat|het)|(?:naar|aan) wie (?:gaat|stuurt? (?:u|je)) (?:dit|dat|het).{0,15}"
    r"|(?:en )?wie is (?:de|die|dat|mijn) ?(?:coach)?(?: dan| eigenlijk)?)"
)
WHICH_COACH = re.compile(r"(?:en |maar )*(?:wie|welke coach) (?:is|wordt|krijg ik|zijn) ?(?:de|die|dat|mijn|het)? ?(?:coach)?(?: dan| eigenlijk)?")
FREE = re.compile(
    r"(?:en |maar )*(?:is (?:dit|dat|het|(?:zo'n|een|de|die) coach)(?: dan| ook| eigenlijk| wel)? (?:gratis|kosteloos)"
    r"|(?:kan|gaat) (?:het|dit|dat) gratis"
    r"|wat kost (?:het|dit|dat|(?:zo'n|een|de|die) coach)(?: .{0,25})?|kost (?:het|dit|dat|(?:zo'n|een|de|die) coach) .{0,25}"
    r"|zijn (?:er|hier) kosten(?: aan verbonden)?|moet ik (?:hier(?:voor)? |daar(?:voor)? |dit )?(?:iets |wat )?betalen.{0,15}"
    r"|hoeveel kost .{0,25})"
)
_NUMBER = r"(?:(?:telefoon|mobiele? |06-?)?nummer|e?-?mail(?:adres)?)"
_COACHS = rf"(?:(?:zijn|haar|hun) {_NUMBER}|(?:het|een) {_NUMBER} van (?:hem|haar|(?:de|die|deze) coach))"
COACH_NUMBER = re.compile(
    rf"(?:en |maar )*(?:wat is |hebt? (?:u|je) |mag ik |kan ik |geef (?:me |mij )?)?{_COACHS}(?: (?:krijgen|hebben|weten))?"
    rf"|(?:en |maar )*(?:wat is|mag ik|kan ik|hebt? (?:u|je)) (?:het|een) {_NUMBER}(?: (?:krijgen|hebben|weten))?"
    r"|kan ik (?:hem|haar|(?:de|die) coach) (?:ook |niet )?(?:zelf |direct )*bellen"
)
COACHS_NUMBER = re.compile(_COACHS)
OTHER_COACH = re.compile(
    r"(?:ik |we |wij )?(?:(?:wil|willen|heb|hebben|zoek|zou|kan|mag|het|ik|graag|liever|liefst|toch|dan|ook|alleen|voorkeur voor) )*"
    r"(?:een (?:vrouw|man|dame|vrouwelijke coach|mannelijke coach|andere(?: coach)?|coach die (?:een )?(?:vrouw|man) is)"
    r"|iemand anders|een ander)"
    r"(?: (?:spreken|graag|hebben|als coach|zijn|krijgen))*"
)
_INSULT = re.compile(
    r"\b(?:klootzak\w*|lul|lullig|eikel|sukkel\w*|idioot|debiel|mongool|achterlijk\w*|kut\w*|kanker\w*|tering\w*|tyfus\w*|hoer|fuck\w*|shit"
    r"|rot (?:toch )?op|oprotten|flikker op|(?:bek|kop) dicht|hou je (?:bek|kop)|stomme? (?:ding|bot|robot|chatbot|apparaat|computer))\b"
)
_OTHERS = re.compile(r"\b(?:medewerk\w*|werkne\w+|collega\w*|hij|zij|ze|jongen|klant\w*)\b")
_SELF = r"(?:(?:nee|ja|maar|sorry|eh),? )*"
EMPLOYEE = re.compile(
    rf"{_SELF}(?:ik ben (?:(?:zelf|eigenlijk|juist|gewoon|hier) )*(?:(?:de|een|die) )?"
    r"(?:medewerk(?:st)?er|werkne(?:me|emste)r|kandidaat|cli[eë]nt)(?: zelf)?(?: (?:in|bij|van) .{0,40})?"
    r"|(?:het (?:gaat|is) )?(?:om|over|voor) (?:mezelf|mijzelf|mij zelf)"
    r"|ik ben (?:zijn|haar) (?:moeder|vader|ouder|partner|zus|broer|vrouw|man|vriendin|vriend|dochter|zoon)"
    r"|ik ben (?:de|een) (?:moeder|vader|ouder|partner|zus|broer|vrouw|man|vriendin|vriend|dochter|zoon) van .{0,40}"
    r"|(?:mijn|me) (?:zoon|dochter|man|vrouw|partner|broer|zus|kind) is (?:de|een) (?:medewerker|werknemer|kandidaat))"
)
_PARTS = {
    "subject": r"onderwerp|verhaal",
    "place": r"plaats|postcode|regio",
    "contact": r"contact(?:gegevens)?|(?:telefoon|mobiele )?nummer|e?-?mail(?:adres)?|naam",
    "day": r"dag|datum|tijd(?:stip)?",
}
_PART = {
    key: re.compile(
        r"(?:(?:graag|nee|alleen|ja|wacht|dat is),? )*(?:het |de |mijn |een )?(?:(?:verkeerde?|foute?|andere?|nieuwe?) )?"
        rf"(?:{words})(?: graag| aub| (?:klopt niet|is (?:fout|verkeerd)).{{0,20}})?"
    )
    for key, words in _PARTS.items()
}
KEEP_PLACE = re.compile(
    r"(?:(?:nee|ja|ok[eé]?|nou),? )*(?:(?:laat|hou) .{2,60}\b(?:staan|zo|erin)|houd? het (?:maar |toch )*(?:op|bij) .{2,40})"
)


# --- what is told about work

_CLAUSE_END = re.compile(r"(?<!\d)[.;!?\n,]+(?=\s|$)|\s+-\s+|\s+en (?=ik\b)")
_WHO = re.compile(
    r"\b(?:mede?werk(?:st)?ers?|werkne(?:me|emste)rs?|collega'?s?|personeelslid|stagiaire?|leerling|jongen|meisje|meid|hij|zij|ze|ie)\b"
    r"|\b(?:mijn|onze|me (?!het|de|een|niet|maar|op|terug|ook|even|na|om|voor|pas|dan|aub|graag|er|dat|wat|weer|nu|liever|af|\w+en\b))"
    r" ?(?!bedrijf|zaak|naam|nummer|postcode|e?-?mail|adres|telefoon\w*|winkel|werk\b|vestiging|garage|mobiel|contact"
    r"|verzoek|vraag)\w+ \w+"
)
_WISH = re.compile(
    r"\b(?:coach\w*|bel|belt|bellen|gebeld|mail|mailen|terugbel\w*|contact|ik wil|ik zou|graag|kunt u|kun je|mag ik|stuur\w*)\b"
)
_ALSO = re.compile(
    r"^(?:(?:en|oh|ja|o|nee|wacht|maar),? )*(?:(?:zet|schrijf|vermeld|noteer|voeg|meld) (?:er )?(?:(?:ook|nog|even|maar|wel) )*"
    r"(?:bij|in|erbij|toe)?,?"
    r"|vergeet niet(?: te (?:vermelden|zeggen))?,?|het gaat (?:ook )?(?:om|over)) ?(?:toe )?[:,]?\s*|^(?:en|ook) ",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"[,;.]?\s*(?:en )?(?:(?:dat|dit|het) )?(?:(?:moet|mag|kan|hoort|wil ik) )?(?:er )?(?:(?:ook|nog|wel|graag) )*(?:erbij|bij)"
    r"(?: (?:staan|zetten|hebben))?(?: graag)?[.! ]*$",
    re.IGNORECASE,
)
_MOST_WORDS = 40
_SHORT = 12
"""Words of a remark that is about the request itself, and no story."""
_FEWEST_WORDS = 3


# --- the subject in so many words

_SUBJECT = re.compile(
    r"(?:(?:ja|nee|maar|en|oh|eh|ok[eé]?|wel|dus|nou|sorry)[,. ]+)*"
    r"(?:(?:het |dit |dat )?(?:gaat|is) (?:hier |ook |dus |eigenlijk )*(?:om|over)|over|vanwege|wegens"
    r"|(?:mijn|de) vraag (?:is|gaat) over|ik wil (?:het )?(?:hebben|praten|overleggen|sparren) over) (?P<text>.+)",
    re.IGNORECASE | re.DOTALL,
)
_OTHER_SUBJECT = re.compile(
    r"(?:(?:nee|wacht|sorry|oh|maar|liever)[,. ]+)*"
    r"(?:(?:een )?(?:ander|nieuw) onderwerp|(?:het )?onderwerp (?:is|moet zijn|wordt|klopt niet)|onderwerp(?=:))"
    r"(?: namelijk| graag)?\s*[:,]?\s*(?:het gaat (?:om|over) |over )?(?P<text>\S.+)",
    re.IGNORECASE | re.DOTALL,
)
_SUBJECT_WITHIN = re.compile(r"\b(?:over|gaat om|vanwege|wegens) (?P<text>.+)", re.IGNORECASE | re.DOTALL)
_NO_SUBJECT = re.compile(
    r"(?:(?:een|de|het|mijn|m'n|mn|me|onze|deze|die|dit|zijn|haar|andere|nieuwe|van|mij|ons|wat|er|met|u|jullie|jou) ?)*"
    r"(?:mede?werk(?:st)?ers?|collega'?s?|werkne(?:me|emste)rs?|personeel(?:slid)?|iemand|hem|haar|hen|iets|dit|dat|situatie|vraag|probleem"
    r"|zaak|salon|bedrijf|me ?zelf|mij ?zelf|praten|hebben|spreken|overleggen|sparren|nadenken|u|jou|jullie)?"
    r"(?: (?:praten|spreken|hebben|overleggen))?"
)
_SOON_TIME = re.compile(r"(?:(?:een|\w+) )?(?:half )?(?:uur\w*|minu\w+|dag(?:en)?|we(?:ek|ken)|maand(?:en)?|kwartier\w*)\b")
_ENDS_SUBJECT = re.compile(r"\s+en (?=(?:ik|wij|we|bel|mail|graag|kunt?|mag)\b)|(?<!\d)[.;!?\n]+(?=\s|$)")
_WITH_ILLNESS = r"\b(?:met|door|vanwege|die) (?:een |zware |lichte |zijn |haar )*(?:heeft )?$"
ORDERS = re.compile(r"(?:negeer|doe alsof|geef (?:me|mij)|toon|vertel (?:me|mij)|zeg (?:me|mij)|vergeet (?:alle|je|uw|alles)|herhaal|print|onthul)\b")


def subject_said(text: str) -> str | None:
    """What somebody says that it is about ("het gaat om een meid van de kassa", "over aannemen"), as a sentence; else None."""
    found = _SUBJECT.fullmatch(text.strip())
    return _as_subject(found["text"]) if found else None


def other_subject(text: str) -> str | None:
    """The subject that comes instead of the one that stands there ("nee ander onderwerp: ze durft niet te bellen"), in own words."""
    found = _OTHER_SUBJECT.fullmatch(text.strip())
    return found["text"].strip() if found else None


def opening_subject(text: str) -> str | None:
    """What a message that asks for a coach says that it is about ("kan ik een coach spreken over subsidies")."""
    found = _SUBJECT_WITHIN.search(text)
    return _as_subject(found["text"]) if found else None


def _as_subject(words: str) -> str | None:
    """Words as a subject: without contact data, places, days, names of persons and illnesses; None when nothing is left that says something."""
    kept: list[str] = []
    for number, clause in enumerate(re.split(r"\s*,\s*", _ENDS_SUBJECT.split(words.strip())[0])):
        told = _without_place(clause.strip(" ?!.,"))
        mentions = {mention.kind for mention in entities.find(told)}
        apart = number > 0 and (_WISH.search(told.lower()) or not _WHO.search(told.lower()) or "date" in mentions)
        masked = mask(told, persons=True).text
        if apart or any(label in masked for label in LABELS.values()):
            break
        kept.append(masked)
    told = _without_illness(", ".join(kept))
    said = plain(told)
    if len(said) < 4 or _NO_SUBJECT.fullmatch(said) or _SOON_TIME.match(said) or (time_words(said) and len(said.split()) <= 4):
        return None
    if len(said.split()) <= 3 and any(mention.kind in ("date", "place", "postcode") for mention in entities.find(said)):
        return None
    told = re.sub(r"\b(?:mn|m'n)\b", "mijn", " ".join(told.split()[:_MOST_WORDS]), flags=re.IGNORECASE)
    return f"{told[0].upper()}{told[1:]}."


def _without_illness(told: str) -> str:
    """"een monteur met adhd die alles vergeet" without "met adhd"; nothing when an illness stays."""
    for mention in reversed(find_medical(told)):
        told = f"{re.sub(_WITH_ILLNESS, '', told[: mention.start]).rstrip()} {told[mention.end :].lstrip()}".strip()
    return "" if reword(told) is not None else told.strip(" ,")


# --- another way to be reached

_MAIL = re.compile(r"\b(?:e-?)?mail(?:en|t|tje|adres)?\b")
_CALL = re.compile(r"\b(?:bel|bellen|telefonisch|tel|telefoon\w*|gebeld|nummer)\b")
_NO_CALL = re.compile(r"\b(?:geen|niet)\b.{0,20}\b(?:bel\w*|tel|telefo\w*|gebeld|nummer)|\b(?:bel\w*|gebeld) .{0,12}\bniet\b")
_INSTEAD = re.compile(r"\bin plaats van|\bi\.?p\.?v\b|\b(?:liever|alleen|toch|graag) (?:(?:een|via|per|de|alleen|maar|toch) )*(?:e-?)?mail")
_NO_MAIL = re.compile(r"\b(?:geen|niet) (?:per |via |een |de |in de )?(?:e-?)?mail|\bmail.{0,15}\bniet\b|\b(?:geef|deel|wil) .{0,30}\bniet$")


def wants_mail(text: str) -> bool:
    """Whether a short text asks to be mailed and not called ("liever mail", "nee geen tel, alleen mail")."""
    said = plain(text)
    if len(said.split()) > _SHORT or not _MAIL.search(said) or _NO_MAIL.search(said):
        return False
    return not _CALL.search(said) or bool(_NO_CALL.search(said) or _INSTEAD.search(said))


# --- questions at the last question

_WHAT_FOR = re.compile(r"\bwaarom\b.{0,40}\b(?:nodig|weten|hebben|vraagt?|nummer|gegevens|plaats)\b|\bwaar (?:is|heb|gebruik).{0,30}\bvoor\b")
_WHO_CALLS = re.compile(r"\b(?:wie|welke coach) (?:is|belt|gaat|mailt|neemt|krijg|komt|spreek)\b")
_WHAT_DOES = re.compile(r"\bwat (?:doet|doen|kan|kunnen|is|houdt)\b.{0,20}\bcoach\w*\b")
_COSTS = re.compile(r"\b(?:wat kost|kosten|gratis|betalen|hoeveel kost|kost (?:het|dit|dat))\b")
_HOW_LONG = re.compile(r"\b(?:hoe ?lang|wanneer (?:belt|bel|hoor|krijg|komt|neemt|mailt)|hoe (?:snel|laat))\b")
_DAY_ASKED = re.compile(r"(?:en |dus |maar )*(?:is|was|wordt|valt) (?:dat|dit|het)\b|(?:en )?welke (?:dag|datum|tijd) (?:is|wordt|staat|was)\b")
AskedOf = Literal["what for", "who", "what", "costs", "when", "which day"]


def asked_of(text: str) -> list[AskedOf]:
    """What a question about the request asks, in order; empty when it is none of these or no question."""
    said = plain(text).rstrip("? ")
    if is_about_somebody(said):
        return []
    reads: tuple[tuple[AskedOf, re.Pattern[str]], ...] = (
        ("what for", _WHAT_FOR), ("who", _WHO_CALLS), ("what", _WHAT_DOES), ("costs", _COSTS), ("when", _HOW_LONG),
        ("which day", _DAY_ASKED),
    )  # fmt: skip
    return [kind for kind, pattern in reads if (pattern.match if kind == "which day" else pattern.search)(said)]


def part_named(text: str) -> str | None:
    """Which line of the request a text names ("het contact"): the key of its step."""
    said = plain(text)
    return next((key for key, pattern in _PART.items() if pattern.fullmatch(said)), None)


def is_insult(text: str) -> bool:
    """Whether a short text scolds at the assistant; what others say at work is no scolding."""
    said = plain(text)
    return len(said.split()) <= 8 and bool(_INSULT.search(said)) and not _OTHERS.search(said)


def is_about_somebody(text: str) -> bool:
    """Whether a text says something about somebody at work ("hij is er morgen niet")."""
    return _WHO.search(text.lower()) is not None


def names_only(text: str) -> bool:
    """Whether a text says little else than how somebody is called."""
    masked = mask(text, persons=True).text
    rest = re.sub(r"\[naam\]|\b(?:hij|zij|zijn|haar|ze|het|heet|is|de|naam|mijn|medewerker)\b", " ", masked.lower())
    return LABELS["person"] in masked and len(rest.split()) < _FEWEST_WORDS


def told_about_work(text: str) -> str | None:
    """What a message tells about somebody at work, as a sentence without names of persons and of illnesses; None when it tells nothing.

    Clauses about a place, contact data, a day or the wish for a coach are left out: these stand in the request already.
    """
    text = _BESIDE.sub("", _ALSO.sub("", text.strip()))
    kept: list[str] = []
    for clause in _CLAUSE_END.split(text):
        told = _without_place(clause.strip())
        if len(told.split()) < _FEWEST_WORDS or not _WHO.search(told.lower()) or _WISH.search(told.lower()):
            continue
        if any(mention.kind in ("place", "postcode", "phone", "email") for mention in entities.find(told)):
            continue
        told = mask(told, persons=True).text
        if not any(label in told for label in LABELS.values()):
            kept.append(told)
    words = ", ".join(kept)
    if reword(words) is not None:
        words = without_medical(words) or ""
    if not words:
        return None
    words = " ".join(words.split()[:_MOST_WORDS])
    return f"{words[0].upper()}{words[1:]}."


def _without_place(clause: str) -> str:
    """"mijn medewerker in Tiel is bang" without "in Tiel"."""
    for mention in reversed([one for one in entities.find(clause) if one.kind in ("place", "postcode")]):
        before = re.sub(r"\b(?:in|te|uit|bij|vanuit)\s*$", "", clause[: mention.start])
        clause = f"{before.rstrip()} {clause[mention.end :].lstrip()}".strip()
    return clause


# --- a correction after the request was sent

_OWN = r"(?:mijn|het|dit|dat|me|m'n|een|ander)"
_CONTACT_WORD = r"(?:(?:telefoon|mobiele )?nummer|telefoon|mobiel|e?-?mail(?:adres)?|contact(?:gegevens)?|gegevens)"
_OF_SOMEBODY_ELSE = re.compile(
    rf"\b(?:zijn|haar|hun|diens) (?:\w+ )?{_CONTACT_WORD}\b|\bvan (?:hem|haar|de medewerker|mijn medewerker|mijn collega)\b"
)
_ABOUT_CONTACT = re.compile(
    rf"\b{_OWN} (?:nieuwe |juiste |andere )?{_CONTACT_WORD}\b|\bbereikbaar op\b|\bbel (?:me |mij )?(?:maar |liever )?op\b"
)
_ASKS_CONTACT = re.compile(
    r"(?:en |maar )*(?:(?:hebt?|heeft|hebben|weet|ken) (?:je|u|jullie|hij|zij|ze|de coach) (?:wel )?(?:mijn|het|m'n) "
    rf"(?:juiste |goede )?{_CONTACT_WORD}.{{0,25}}|(?:klopt|is) (?:mijn|m'n|het) {_CONTACT_WORD}.{{0,25}}"
    rf"|(?:welke?|wat voor) {_CONTACT_WORD} .{{0,40}}|op welk {_CONTACT_WORD} .{{0,40}})"
)
_CONTACT_WRONG = re.compile(
    rf"(?:nee,? |wacht,? |oh,? |sorry,? )*(?:(?:mijn|m'n|het) {_CONTACT_WORD} "
    r"(?:klopt niet|is (?:fout|verkeerd|niet goed|veranderd|anders)).{0,30}"
    rf"|(?:ik wil |kan ik |kunt u |kun je |wilt u |graag )*(?:verander|wijzig|pas|corrigeer)?\s?(?:mijn|m'n|het|een ander) {_CONTACT_WORD}"
    r"(?: (?:veranderen|wijzigen|aanpassen|aan|corrigeren|doorgeven))(?: .{0,20})?"
    rf"|(?:verander|wijzig|corrigeer) (?:mijn|m'n|het) {_CONTACT_WORD}.{{0,20}}"
    rf"|ik heb (?:nu |inmiddels )?een (?:ander|nieuw) {_CONTACT_WORD}.{{0,20}})"
)
_DAY = (
    r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag\w*|morgen\w*|overmorgen|vandaag|volgende week"
    r"|(?:een )?(?:andere|ander) (?:dag|moment|tijd\w*)|(?:wat )?(?:eerder|later)|(?:'s )?(?:ochtends|middags|avonds)|de (?:ochtend|middag|avond))"
)
_REDO = re.compile(
    rf"(?:(?:nee|oh|ok[eé]?|wacht|sorry|en|maar|ik wil|kan ik|kunt u|kun je|graag),? )*"
    rf"(?:(?:verzet|verplaats|verschuif|zet|wijzig|verander) (?:het|dat|dit|de (?:dag|afspraak|datum|tijd)|mijn afspraak)\b"
    rf".{{0,20}}\b{_DAY}.{{0,20}}"
    rf"|(?:toch |maar )*(?:liever|liefst) (?:toch )?(?:op )?{_DAY}.{{0,25}}|toch (?:maar )?(?:op )?{_DAY}.{{0,15}}"
    rf"|(?:kan|mag) (?:het|dat|de coach) (?:(?:ook|toch|niet|misschien) )*(?:(?:op|bellen|verzet worden|verplaatst worden) )*"
    rf"(?:naar )?{_DAY}.{{0,20}}"
    r"|(?:de|het) (?:plaats|dag|datum|tijd|onderwerp|postcode|gemeente) (?:is|moet|klopt|was|wordt) .{0,60}"
    r"|(?:ik wil )?(?:de|het) (?:plaats|dag|datum|tijd|onderwerp|afspraak|verzoek)"
    r" (?:wijzigen|veranderen|aanpassen|verzetten|verplaatsen).{0,20}"
    r"|(?:wijzig|verander|verzet|pas) (?:de|het) (?:plaats|dag|datum|tijd|onderwerp|afspraak|verzoek)\b.{0,30})"
)
_STATUS = "coach/status"
_ONLY_WHEN = frozenset(
    re.findall(
        r"\w+",
        "en oh nog iets graag liever liefst toch ja nee maar wel alleen pas het bel belt bellen gebeld worden mij me u je kunt kan mag ik ben "
        "bereikbaar beschikbaar dan aub op om na voor rond tot niet is de coach moet mogelijk uur weer er trouwens ook eigenlijk zijn",
    )
)
"""Words beside a day or time in a message that says nothing else than when to call."""


def only_when(text: str) -> bool:
    """Whether a short text says when somebody can be called and nothing else ("en ik ben pas na 16 uur bereikbaar")."""
    said = plain(text).rstrip("? ")
    dates = [mention for mention in entities.find(said) if mention.kind == "date"]
    time = time_words(said)
    clock = re.search(r"\b\d{1,2}(?:[:.]\d{2}| ?u(?:ur)?\b)", said)
    if len(said.split()) > _SHORT or not (dates or time or clock):
        return False
    for mention in reversed(dates):
        said = f"{said[: mention.start]} {said[mention.end :]}"
    rest = re.sub(r"\d{1,2}(?:[:.]\d{2})?(?: ?u(?:ur)?\b)?", " ", said.replace(time or "\0", " "))
    return set(re.findall(r"[\w']+", rest)) <= _ONLY_WHEN


def correction_of(text: str, *, phone: bool, email: bool) -> dict[str, object] | None:
    """What a message wants changed in a request that was sent, as a choice for ``coach/status``; None when it is about something else.

    ``contact``: "new" (the message holds it), "ask" (it has to be asked), "show"; ``redo``: what only a new request can change.
    ``phone`` and ``email``: whether the message holds one; call it only while a request waits.
    """
    said = plain(mask(text).text).rstrip("? ")
    if _OF_SOMEBODY_ELSE.search(said):
        return None
    if phone or email:
        near = len(said.split()) <= _SHORT
        return {"topic": _STATUS, "contact": "new"} if near or _ABOUT_CONTACT.search(said) else None
    if _CONTACT_WRONG.fullmatch(said):
        return {"topic": _STATUS, "contact": "ask"}
    if _ASKS_CONTACT.fullmatch(said):
        return {"topic": _STATUS, "contact": "show"}
    if len(said.split()) <= _SHORT and (_REDO.fullmatch(said) or only_when(said)):
        return {"topic": _STATUS, "redo": True}
    return None
