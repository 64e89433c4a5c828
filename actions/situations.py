"""Situations that ask for an answer of their own, whatever subject a message has.

Somebody does not want to, is confused, has died, keeps coming late or is ill at home, the writer himself cannot go on or has had enough, what was
advised does not fit the work, it must go into a mail, or family should be called.

A topic says what a question is about; these say what is going on. "Hij wil er niet over praten" is a follow-up to nearly every answer, and
"ze praat wartaal" needs a doctor today, not advice about concentration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import about_answer, aftermath, context
from actions.phrases import one_of, plain
from actions.safely import SafeAction
from nlu.topics import BEHAVIOURS, SITUATIONS, is_crisis, topic_of
from steunwijzer.answers import Answer, answers, dutch_date, further_part, payload

REFUSES, CONFUSED, DIED, WEARY, LATE, POLICY, CONTRACT, CONTACT, FED_UP, CANNOT_HERE, AS_MAIL, FAMILY = SITUATIONS

_SURE, _QUITE_SURE = 0.75, 0.6  # of a topic: its own answer then stays
_SHORT, _A_FEW = 9, 16  # words
# where a few words about not wanting to are just that; elsewhere the topic says more
_NEAR_REFUSAL = frozenset({"preventie/gesprek", "preventie/rollen", "preventie/signalen", "privacy/vragen"})
_OTHER_QUESTION = ("openheid/", "privacy/", "aannemen/", "regeling/", "ips/", "opvolging/", "netwerk/", "instrument/", "bot/", "grens/")
_SOMEBODY = (
    r"(?:hij|ze|zij|ie|die|'?r|hem|haar|iemand"
    r"|(?:de|mijn|mn|m'n|onze|deze|een|die) (?!(?:bedrijfs|arbo|huis)?arts\b|arbo|gemeente\b|verzekeraar\b|directie\b|baas\b|bank\b|klant)"
    r"(?:\w+ )?\w+)"
)
_FILL = r"(?:(?:er|dat|dit|het|ook|echt|helemaal|gewoon|nu|nog|daar|zelf|absoluut|toch|dan|juist|met mij|liever|maar) )*"
_ASKED = (
    r"\b(?:praten|erover|meewerken|meedoen|luisteren|vertellen|zeggen|bespreken|helpen|geholpen|gesprek\w*|afspra\w+|hulp|steun|ondersteuning"
    r"|begeleid\w*|coach\w*|jobcoach|bedrijfsarts|arbo\w*|huisarts|dokter|psycholoog|aanpassing\w*|werkafspra\w*|plan|ips|traject\w*)\b"
)
_NOTHING = r"(?:niet|nie|geen|gene|niks|niets)"
_REFUSES = one_of(
    rf"\b(?:wilt?|wilde|willen|wou)\b {_FILL}(?:{_SOMEBODY} )?{_FILL}{_NOTHING}\b(?: \w+){{0,5}} ?{_ASKED}",
    rf"\b{_NOTHING}\b(?: \w+){{0,4}} ?{_ASKED}(?: \w+)? (?:wilt?|wou)\b",
    rf"\bweiger\w*\b(?: \w+){{0,5}} {_ASKED}",
    rf"{_ASKED}(?: \w+){{0,2}} \b(?:weiger\w*|wil (?:hij|ze|zij|ie)(?: \w+)? niet)\b",
    r"\bstaa(?:t|n) (?:er )?(?:helemaal |totaal )?niet (?:voor )?open\b",
    r"\bhoudt (?:alles|de boot|het|me|mij|ons) af\b",
    r"\b(?:wijst|slaat) (?:\w+ )?(?:alle )?(?:hulp|alles) af\b",
    r"\bgeen hulp wil\w*\b",
    r"\b(?:zegt|beweert|vindt) (?:\w+ )?(?:dat )?er (?:is )?(?:niks|niets) aan de hand\b",
    r"\bwerkt (?:\w+ )?niet mee\b",
    r"\b(?:niks|niets) (?:over |erover |aan \w+ )?kwijt\b",
)
# the writer himself, or an office, does not want to
_NOT_THEY = one_of(
    r"\b(?:uwv|gemeente|klant|klanten|bank|verzekeraar|leverancier)\b",
    r"\bik weiger\b",
    r"\b(?:mag|kan|moet) ik (?:\w+ ){0,2}weiger\w*",
    r"\b(?:ik|we|wij) (?:\w+ ){0,2}(?:wil|willen)\b",
    r"\b(?:wil|willen) (?:ik|we|wij)\b",
)
_LEAD = r"(?:(?:en|maar|ja|nou|oke|ok|hm+) )*(?:(?:wat|en|hoe)(?: moet ik)?(?: doe ik)?(?: nu| dan)? )?(?:als|stel dat|indien|wanneer)"
# a whole question: what was asked of somebody stands in the conversation
_IF_NOT = (
    one_of(
        r"(?:het |dat |alles )?(?:ontkent|liegt|weglacht|wegwuift)",
        r"nee zegt?",
        r"(?:niks|(?:het |dat |dit )?niet|niets|er niet aan) wilt?(?: \w+)?",
        r"(?:blijft )?weiger(?:t|en)?(?: om .{3,40})?",
        r"(?:zegt|blijft zeggen) dat er (?:niks|niets) (?:aan de hand )?is",
        r"niet mee(?:werkt|doet)",
        r"(?:niets?|niks) (?:(?:wil )?zeggen|zegt)",
        r"(?:er )?niet (?:over )?wil praten",
        before=rf"{_LEAD} {_SOMEBODY} {_FILL}",
        after=r"(?: dan)?(?: wat dan| wat nu)? ?\??",
    ),
    re.compile(rf"{_SOMEBODY} (?:wil|weigert|zegt nee)(?: (?:echt |dat |het |gewoon )?niet| er niet aan)? ?\??"),
)
_CONFUSED = one_of(
    r"\bho(?:ort?|ren|orde) (?:\w+ ){0,2}stemmen\b(?! (?:in|op|van|aan|uit|die (?:hard|luid)))",
    r"\bwartaal\b",
    r"\b(?:ziet|zien|hoort) (?:\w+ ){0,2}(?:dingen|mensen|beesten|iets|geluiden) (?:die|wat) er niet (?:zijn|is)\b",
    r"\b(?:ziet|hoort) (?:\w+ ){0,2}(?:dingen|mensen|iets) (?:wat|dat|die) (?:wij|we|niemand|ik) (?:niet|anders)\b",
    r"\b(?:denkt|gelooft|zegt|beweert|overtuigd) (?:\w+ ){0,6}(?:af(?:ge)?luister\w*|vergiftig\w*|achtervolgd|bespioneerd|in de gaten gehouden)\b",
    r"\b(?:cameras?|telefoon|radio|tv|collegas?|iedereen|we|wij) (?:\w+ ){0,3}(?:afluister\w*|bespion\w+|vergiftig\w*)\b",
    r"\b(?:denkt|gelooft|zegt) (?:\w+ ){0,3}(?:jezus|god|de messias|de uitverkorene)(?: is| te zijn)\b",
    r"\b(?:waanbeeld\w*|wanen|hallucin\w*)\b",
    r"\bweet niet (?:meer )?waar (?:hij|ze|zij|ie) (?:zelf )?is\b",
)
# said as well of somebody who is upset or mixes up orders: counts where no topic is sure
_PERHAPS_CONFUSED = re.compile(r"\b(?:verward|in de war|achterdochtig)\b")
# what is no confusion of the mind: orders that are mixed up, a day that was confusing
_MIXED_UP = one_of(
    r"\b(?:volgorde|dagen|bestelling\w*|order\w*|planning|maten|adressen|namen|route|rooster|regels|agenda|papieren) (?:\w+ ){0,2}in de war\b",
    r"\bin de war (?:door|van|met|over|maak\w*)\b",
    r"\b(?:raa?k(?:t|en)?|breng\w*|stuurt?|haalt?|maakt?) (?:\w+ ){0,4}in de war\b",
    r"\bik (?:ben|raak|word) (?:\w+ ){0,2}(?:in de war|verward)\b",
    r"\bverwarrend\b",
)
_COLLEAGUE = (
    r"(?:collega|medewerk(?:er|ster)|werknemer|werkneemster|teamlid|kantoorgenoot|stagiair\w*|kracht|leerling|monteur|chauffeurs?|kok|verkoper"
    r"|verkoopster|jongen|leidinggevende|baas|chef|directeur|iemand (?:uit|van) (?:het|ons|mijn) team|een van (?:ons|onze|mijn|de) \w+)"
)
_SUICIDE = r"(?:zelfmoord|zelfdoding|su[iï]cide)"
_DIED = one_of(
    rf"\b{_COLLEAGUE}\b(?: \w+){{0,6}} (?:is|zijn) (?:\w+ ){{0,5}}(?:overleden|gestorven|omgekomen|verongelukt|dood gevonden|doodgegaan)\b",
    rf"\b(?:heeft|had) (?:\w+ ){{0,5}}{_SUICIDE} gepleegd\b",
    r"\buit het leven gestapt\b",
    rf"\b(?:door|na) (?:de |een )?{_SUICIDE} (?:\w+ ){{0,3}}(?:verloren|overleden|van (?:een|onze|mijn|de) {_COLLEAGUE})\b",
    rf"\b(?:dood|overlijden) van (?:een|onze|mijn|de|haar|zijn) (?:\w+ )?{_COLLEAGUE}\b",
)
KIN = r"broer|zus|vader|moeder|pa|ma|zoon|dochter|man|vrouw|partner|vriend|vriendin"
_FAMILY = rf"(?:{KIN}|kind|neef|nicht|oom|tante|opa|oma)"
_NOT_DIED = one_of(
    r"\b(?:wilt?|dreigt|poging|gaat|zou|bang dat|straks|bijna|probeer\w*|geprobeerd|als|voordat)\b",
    r"\b(?:zelf (?:ook|er)|ik denk)\b",
    rf"\b(?:mijn|mn|zijn|z'n|haar|d'r|hun|je) {_FAMILY}\b",
)
_WEARY = one_of(
    r"\bik ben (?:helemaal |echt |gewoon |zelf |nu )*op(?:$|\W* en\b|[?.!])",
    r"\baan (?:mijn|mn|m'n|me) (?:tax|max|eind|limiet)\b",
    r"\bik (?:trek|red|hou|houd) (?:het|t|'t|dit) (?:zelf |echt |gewoon )*(?:niet|nie) (?:meer|langer)\b",
    r"\bik (?:kan|zie) (?:het|t|'t|dit) (?:zelf |echt |gewoon )*(?:niet|nie) meer(?: aan| zitten)?\b",
    r"\bik ga er(?: zelf)? ?aan onderdoor\b",
    r"\b(?:het|dit|alles) wordt (?:me|mij) (?:zelf |allemaal |echt )*te veel\b",
)
_LATE = one_of(
    r"\b(?:komt|kwam|komen|is|was|weer|steeds|altijd|elke \w+|telkens|vaak) (?:\w+ ){0,4}te ?laat\b",
    r"\bte ?laat (?:komen|binnen|op het werk|vanmorgen)\b",
)
_LATE_PAPERS = one_of(
    r"\b(?:betaal\w*|factu\w+|lever\w*|meld\w*|ziekmeld\w*|aanvra\w+|post|bezorg\w*|indien\w*|formulier|uwv)\b",
    r"\bte laat (?:om|met|voor)\b",
)
_POLICY = re.compile(r"\b(?:protocol\w*|beleid\w*|richtlijn\w*|draaiboek|stappenplan)\b")
_FOR_DANGER = re.compile(r"\b(?:zelfmoord\w*|zelfdoding\w*|su[iï]cid\w*|agressie|crisis\w*|noodgeval\w*)\b")
_LATE_TOPICS = frozenset({"preventie/signalen", "preventie/gesprek", "grens/buiten_bereik", "concentratie/omgaan", "impulsiviteit/omgaan"})
_WHICH_CONTRACT = re.compile(
    r"\b(?:wat voor|welke?|soort|hoe lang|hoe'n) (?:\w+ )?\w*contract\b(?!.*\b(?:af|aflop\w*|stop\w*|eindig\w*)\b)"
    r"|\b(?:wil|willen|gaan|zouden)\b(?: \w+){0,4} contract(?: \w+){0,2} (?:aanbieden|geven)\b"
    r"|\b(?:kan|mag|moet|zal)\b(?: \w+){0,4} (?:vast contract|contract vast)\b|\bcontract vast (?:kan|mag|goed)\b"
    r"|\b(?:vast of tijdelijk|tijdelijk of vast|jaarcontract of|halfjaarcontract of)\b"
)
_ILL = re.compile(r"\b(?:ziek\w*|verzuim\w*|thuis|burn-?out|overspannen|uitgevallen|in de lappenmand)\b")
_NEAR_ILLNESS = ("preventie/ziekmelding", "preventie/terugval", "preventie/rollen", "privacy/vragen", "situatie/contact")
_REACH = (
    r"(?:bellen|opbellen|appen|mailen|whatsappen|berichten|langs ?gaan|langs ?komen|bezoeken|opzoeken"
    r"|(?:kaart\w*|bloem\w*|fruitmand) (?:sturen|brengen)|contact (?:houden|hebben|opnemen|zoeken))"
)
_SILENT = one_of(
    r"\b(?:stuurt|appt|belt|mailt|schrijft|zegt|hoort) (?:\w+ ){0,3}(?:niks|niets|nooit|niet) terug",
    r"\b(?:niks|niets|niet|nooit) terug ?(?:stuurt|appt|belt|mailt|schrijft)\b",
    r"\b(?:laat|hoor|horen|krijg|krijgen) (?:\w+ ){0,4}(?:niks|niets|geen (?:antwoord|reactie|gehoor))\b",
)
_KEEPS_IN_TOUCH = one_of(
    rf"\b(?:mag|mogen|kan|kunnen|moet|moeten|zal|zullen|hoe vaak)\b(?: [\w']+){{0,6}} {_REACH}\b",
    rf"\b{_REACH} (?:mag|kan|moet)\b",
    r"\b(?:neemt|nemen) (?:de telefoon )?(?:gewoon |steeds |nooit |al \w+ dagen )?(?:niet|nooit)? ?op\b|\breageert (?:nergens|niet|nooit)\b",
    _SILENT.pattern,
)
_TO_OTHERS = re.compile(
    r"\b(?:wie|coach|jullie|u|je|jou|iemand|arts|bedrijfsarts|huisarts|dokter|behandelaar|psycholoog|uwv|gemeente|arbo\w*|man|vrouw|partner|ouders?|moeder|vader"
    r"|klant\w*|politie|112|113)\b"
)
# of somebody else, not of the writer
_RELATIVES = (
    r"(?:familie|thuisfront|naasten?|contactpersoon|ouders|(?:(?:zijn|z'n|zn|haar|d'r|dr|hun|de|die|diens|een) )(?:\w+ )?"
    rf"(?:{KIN}|ouders?|mama|papa|familie\w*|gezin|voogd|bewindvoerder|mentor))"
)
_TELL = (
    r"(?:bellen|opbellen|appen|mailen|inlichten|informeren|inseinen|waarschuwen|vertellen|zeggen|vragen|spreken|praten|betrekken|inschakelen"
    r"|erbij halen|contact (?:opnemen|zoeken|hebben)|langs ?gaan)"
)
_TO_FAMILY = one_of(
    rf"\b(?:mag|mogen|moet|moeten|kan|kunnen|zal|zullen|wil|zou) (?:ik|we|wij|je|men)\b(?: [\w']+){{0,4}} {_RELATIVES}\b(?: [\w']+){{0,6}} {_TELL}\b",
    rf"\b(?:mag|mogen|moet|moeten|kan|kunnen|zal|zullen) (?:ik|we|wij)\b(?: [\w']+){{0,5}} {_TELL}\b"
    rf"(?: [\w']+){{0,2}} (?:aan|met|tegen|bij) {_RELATIVES}\b",
    rf"\b{_RELATIVES} (?:{_TELL}|erbij),? (?:mag|kan|moet|helpt)\b",
    rf"\b{_RELATIVES} (?:belt|belde|appt|appte|mailt|mailde)\b(?: \w+){{0,2}} (?:mij|me|ons|op|steeds|elke|iedere|naar)\b",
    rf"\b{_RELATIVES} wil(?:len)? (?:\w+ ){{0,2}}weten\b",
)
_THEY_CALL = re.compile(
    rf"\b(?:als|wanneer|stel dat)\b.*\b(?:ze|zij|hij|ie|{_RELATIVES}) (?:mij|me|ons)(?: \w+){{0,3}} (?:op)?(?:bel|app|mail)\w*\b"
    r"|\b(?:ze|zij|hij) (?:bellen|belt) (?:mij|me|ons)\b"
)
_LINES = {CONTACT: (_SILENT, "Geen reactie?"), FAMILY: (_THEY_CALL, "Belt de familie u?")}
"""Which line of an answer is said alone to whom asks about just that after it."""
_FED_UP = one_of(
    r"\b(?:ik|we|wij) (?:ben|zijn) (?:het|t|'t|hem|haar|er|dit|dat mens)(?: nu| echt| helemaal| zo| langzamerhand| onderhand| ook)*"
    r" (?:spuug|kots)?(?:zat|beu|klaar mee|helemaal klaar mee)\b",
    r"\b(?:ik|we|wij) (?:word|worden) (?:er|hier|van hem|van haar)(?: \w+)? ?(?:gek|gestoord|moe|niet goed|moedeloos|knettergek)(?: van)?\b",
    r"\bik heb (?:er|het)(?: nu| echt| helemaal| zo)* (?:schoon )?genoeg(?: van)?\b",
    r"\b(?:heeft|hef) (?:dat|dit|het)(?: \w+){0,2} (?:[uü]berhaupt |nog |wel |allemaal )*zin\b",
    r"\b(?:moet|mag) ik me(?:zelf)? (?:dan |weer |zeker |maar |nog )*aan ?passen\b|\bmoet ik (?:alles|overal rekening)\b",
    r"\b(?:wat een |alweer een )(?:\w+)?(?:kut|rot|klote|pokke|baal|shit)(?:dag|week|zooi|zooitje|bende)\b",
    r"\b(?:altijd|elke (?:week|dag|keer)) (?:weer )?(?:wat|hetzelfde|gezeik|gedoe|gezeur|ellende)\b",
)
_HERE = r"(?: (?:hier|bij ons|zo|hoor|echt|in de praktijk|in (?:een|mijn|onze|ons|de|het|dit) \w+|op (?:een|mijn|onze|ons|de|het) \w+|met \w+ \w+))*"
_BEGUN = r"(?:(?:ja|nou|tja|pff+|maar|hmm*|nee|sorry|oke|dat is|dat klinkt|klinkt|is|allemaal) )*"
_TOO_LITTLE = r"geen (?:tijd|ruimte|mensen|handen|mankracht|personeel|geld|budget)"
# what was advised does not fit; only after advice
_CANNOT_HERE = one_of(
    rf"(?:dat|dit|zoiets|zo|daar|daarvoor|het) (?:gaat|werkt|lukt|kan|red ik|krijg ik) (?:(?:ons|me|mij|hem|haar|hier|bij|hier bij|zo|echt|gewoon"
    rf"|toch|in de praktijk|natuurlijk|helemaal|dus|daar) )*(?:niet|nooit)(?: (?:werken|lukken|voor elkaar))?{_HERE}",
    r"(?:(?:daar|dat|hier|er|zoveel|zo veel) )*(?:heb|hebben) (?:ik|we|wij) (?:[\w']+ ){0,5}"
    rf"{_TOO_LITTLE}(?: (?:voor|ervoor|daarvoor|om|over|vrij))?(?: \w+){{0,5}}",
    rf"(?:ik|we|wij) (?:heb|hebben) (?:[\w']+ ){{0,7}}{_TOO_LITTLE} (?:voor|ervoor|daarvoor|om)(?: \w+){{0,5}}",
    rf"(?:daar|hier) (?:heeft|hebben) (?:hij|ze|zij|wg|(?:de|mijn|zijn|haar) \w+) (?:echt |nu |gewoon |ook )*"
    rf"{_TOO_LITTLE} (?:voor|over)(?: zeg(?:t|gen) (?:hij|ze|zij|ie))?",
    r"(?:heel )?(?:makkelijk|gemakkelijk|simpel)(?:er)? (?:gezegd|praten|praat)(?: \w+){0,3}",
    r"(?:in )?(?:mooie )?theorie(?: wel)?(?: \w+){0,3}",
    r"(?:heel |wel )?(?:mooi|leuk|aardig|goed|prima)(?: \w+)? maar (?:\w+ ){1,8}(?:niet|nooit|geen \w+)(?: \w+){0,3}",
    r"(?:ik|we) (?:kan|kunnen) (?:daar|er) (?:toch |echt |natuurlijk )?niet (?:\w+ ){0,4}(?:bij|naast) (?:blijven )?(?:staan|zitten|lopen)",
    before=_BEGUN,
    after=r"(?: hoor| he| joh)? ?",
)
_LETTER = r"(?:(?:e-?)?mail(?:tje)?|brief(?:je)?|app(?:je|bericht(?:je)?)|berichtje)"
_AS_MAIL = one_of(
    rf"^(?:(?:en|ok|oke|ja|graag|wil|kun|je|nu|dan) )*(?:zet|schrijf|maak|stel|giet)\b(?: [\w']+){{0,7}} {_LETTER}\b",
    rf"\b(?:kun|kan|kunt|wil|wilt|zou|zouden) (?:je|u|jij|jullie)\b(?: [\w']+){{0,8}} {_LETTER}\b"
    r"(?: [\w']+){0,8} (?:zetten|schrijven|maken|opstellen|gieten)\b",
    rf"\b{_LETTER} (?:\w+ ){{0,5}}(?:sturen|schrijven) (?:kun|kan|kunt|wil|wilt) (?:je|u|jij|jullie) (?:die|dat|m|hem)\b",
)
_OF_ITSELF = re.compile(r"\b(?:ik|mij|mijn)\b", re.IGNORECASE)
_ADVISED = (*(f"{area}/" for area in BEHAVIOURS), "preventie/", "vervolg/", "situatie/kan_niet", "aannemen/inwerken", "openheid/team")


def _plainer(text: str) -> str:
    return re.sub(r"[\s,]+", " ", plain(text).replace("'s ", "s "))


def told_in(text: str, last_topic: str | None = None) -> str | None:
    """The situation that a text tells of, or None; a refusal only counts where :func:`fits` agrees.

    ``last_topic``: what the answer before was about; keeping in touch with somebody who is ill is asked after an answer about that.
    """
    said = _plainer(text)
    if _DIED.search(said) and not _NOT_DIED.search(said):
        return DIED
    if (_CONFUSED.search(said) or _PERHAPS_CONFUSED.search(said)) and not _MIXED_UP.search(said):
        return CONFUSED
    if _POLICY.search(said) and _FOR_DANGER.search(said) and not aftermath.names_somebody(text):
        return POLICY
    if _WEARY.search(said) and not aftermath.names_somebody(text):
        return WEARY
    if _LATE.search(said) and not _LATE_PAPERS.search(said) and len(said.split()) <= _A_FEW:
        return LATE
    about_illness = last_topic in _NEAR_ILLNESS or bool(_ILL.search(said))
    if about_illness and _KEEPS_IN_TOUCH.search(said) and not _TO_OTHERS.search(said) and len(said.split()) <= _A_FEW:
        return CONTACT
    if _TO_FAMILY.search(said) or last_topic == FAMILY and _THEY_CALL.search(said):
        return FAMILY
    if _WHICH_CONTRACT.search(said) and not str(last_topic or "").startswith("regeling/"):
        return CONTRACT
    if _FED_UP.search(said) and not aftermath.names_somebody(text):
        return FED_UP
    if last_topic and _AS_MAIL.search(said) and len(said.split()) <= _A_FEW:
        return AS_MAIL
    if str(last_topic or "").startswith(_ADVISED) and _CANNOT_HERE.fullmatch(said):
        return CANNOT_HERE
    if any(pattern.fullmatch(said) for pattern in _IF_NOT) or _REFUSES.search(said) and not _NOT_THEY.search(said):
        return REFUSES
    return None


def fits(situation: str, text: str, parse: Mapping[str, Any]) -> bool:
    """Whether the answer to a situation fits a message better than that to its topic.

    ``parse`` is how the message was understood.
    """
    topic, sure = topic_of(parse)
    if is_crisis(parse) or situation == POLICY:
        return situation == POLICY
    if topic is None:
        return True
    if situation == WEARY:
        return topic.startswith(("grens/", "dialoog/", "vervolg/", "bot/")) or sure < _SURE
    if situation == CONTRACT:
        return not topic.startswith(("regeling/", "aannemen/twijfels")) or topic == "regeling/overzicht" or sure < _QUITE_SURE
    if situation in (CONTACT, FAMILY):
        return not topic.startswith(("regeling/", "aannemen/"))
    if situation == FED_UP:
        told = topic.startswith(("grens/ontslag", "grens/werknemer", "grens/diagnose", "coach/", "bot/")) or topic.split("/")[0] in BEHAVIOURS
        return sure < (_QUITE_SURE if told else _SURE) or topic.startswith(("vervolg/", "dialoog/", "grens/buiten"))
    if situation in (CANNOT_HERE, AS_MAIL):
        return True
    if situation == LATE:
        return topic in _LATE_TOPICS or topic.startswith("vervolg/") or sure < _QUITE_SURE
    if topic.startswith(_OTHER_QUESTION) and topic not in _NEAR_REFUSAL and sure >= _QUITE_SURE:
        return False
    if situation == DIED:
        return True
    if situation == CONFUSED:
        return bool(_CONFUSED.search(_plainer(text))) or sure < _QUITE_SURE
    area, _, question = topic.partition("/")
    if area in ("vervolg", "dialoog") or topic in _NEAR_REFUSAL or area in BEHAVIOURS and question != "escalatie":
        return sure < _SURE or len(text.split()) <= _SHORT
    return sure < _QUITE_SURE


class Situation(SafeAction):
    """Answers a situation; the choice that travels with the message says which."""

    def name(self) -> str:
        return "action_situation"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        named = str((context.choice(tracker) or {}).get("situation"))
        answer = answers()[named if named in SITUATIONS else REFUSES]
        before = context.last_answer(tracker)
        if answer.topic == AS_MAIL and before.get("topic") in answers():
            dispatcher.utter_message(**_to_copy(answer, answers()[str(before["topic"])], int(before.get("part") or 0)))
            return []
        # the same words again would not help
        same = before.get("topic") == answer.topic
        further = _further(answer, context.said(tracker), int(before.get("part") or 0)) if same else None
        dispatcher.utter_message(**(further or payload(answer)))
        return []


def _to_copy(lead: Answer, answer: Answer, part: int) -> dict[str, Any]:
    """What was said last as text for a mail of the visitor's own, with its sources."""
    words = answer.more[part - 1] if 0 < part <= len(answer.more) else answer.text
    # what the assistant says of itself is not for somebody else
    words = "\n\n".join(each for each in words.split("\n\n") if each.startswith("-") or not _OF_ITSELF.search(re.sub(r'"[^"]*"', "", each)))
    sources = "; ".join(source.title for source in answer.sources)
    cited = f"\n\nBron: {sources} (nagekeken {dutch_date(answer.checked)})." if sources else ""
    return payload(answer, f"{lead.more[0]}\n\n{words}{cited}")


def _further(answer: Answer, said: str, part: int) -> dict[str, Any] | None:
    """What an answer says besides to somebody who has read it: the line that is asked about, else its next part, else None."""
    if answer.topic in _LINES:
        asked, label = _LINES[answer.topic]
        line = about_answer.line_about(answer, label) if asked.search(_plainer(said)) else None
        if line:
            return payload(answer, line)
    found = about_answer.reply(answer, said, only_found=True) if about_answer.asks_one_thing(said) else None
    return found or further_part(answer, part)
