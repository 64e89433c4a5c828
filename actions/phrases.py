"""What a user can type at every step of a guided flow: stop, back, skip, change, yes, no; and the shape of a question.

All patterns are compared with `plain(text)` as a whole (`fullmatch`), so that "hij stopt vaak halverwege" is no stop.
"""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """Lower case, single spaces, without closing punctuation: the form in which commands are compared."""
    return re.sub(r"\s+", " ", text.lower().replace("’", "'")).strip().rstrip(".! ")


def _any(*alternatives: str, before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{'|'.join(alternatives)}){after}", re.DOTALL)


_POLITE = r"(?:,? (?:graag|aub|alsjeblieft|alstublieft|hoor|joh))?"

STOP = _any(
    r"stop(?:pen|zetten)?(?: (?:maar|nu|even|hier|dit|ermee|hiermee))*",
    r"stop met (?:dit|de (?:stappen|vragen|werkafspraken|check-?in))",
    r"ik (?:wil|ga) (?:nu |even |er(?:mee)? |hier(?:mee)? |liever )*stoppen",
    r"ik stop (?:ermee|hiermee|nu|even)",
    r"laat maar(?: zitten)?",
    r"annuleer(?:en)?|annuleren|afbreken|breek (?:maar )?af",
    r"hou(?:d)? (?:hier)?(?:maar )?(?:mee )?op(?: hiermee| ermee)?",
    r"ik wil niet (?:meer )?verder|genoeg zo|einde|kap ermee|cancel|quit",
    before=r"(?:nu |even |graag |nee,? )?",
    after=_POLITE,
)
BACK = _any(
    r"terug",
    r"(?:naar de |terug naar de )?vorige(?: (?:stap|vraag))?",
    r"(?:ga )?(?:een |één |1 )?(?:stap|stapje|vraag) terug",
    before=r"(?:ga |even |nee,? )*",
    after=_POLITE,
)
AGAIN = _any(
    r"(?:opnieuw|van voren af aan|van voor af aan|overnieuw)(?: beginnen| starten)?",
    r"herstart(?:en)?|reset",
    before=r"(?:begin |we beginnen |ik wil |graag |helemaal |weer |nog (?:eens|een keer) )*",
    after=_POLITE,
)
_UNSURE = r"(?:(?:eigenlijk|nog|ook|zo|even|echt|precies|goed) )*"
SKIP = _any(
    r"sla (?:(?:deze|die|dit|dat|de) ?(?:vraag|stap)? ?)?(?:maar )?over|overslaan|skip(?:pen)?|pas",
    r"volgende(?: (?:vraag|stap))?",
    r"geen (?:flauw )?idee(?: eigenlijk| nog)?",
    rf"(?:dat |ik )?(?:weet|wee) ?(?:ik|k)? ?(?:het|dat)? ?{_UNSURE}niet(?: (?:precies|zeker|zo|eigenlijk|goed))*",
    rf"(?:dat )?zou (?:ik|k) {_UNSURE}niet weten|ik zou het {_UNSURE}niet weten|kweenie",
    r"n\.?v\.?t\.?|niet van toepassing|geen antwoord|geen mening|liever niet|nog niet|daar heb ik geen antwoord op|-+|\?+",
    after=_POLITE,
)
RESUME = _any(
    r"ga (?:nu |maar |graag )?(?:verder|door)(?: met .*)?",
    r"verder(?: gaan)?(?: met .*)?",
    r"doorgaan(?: met .*)?|hervat(?:ten)?|weer verder",
    before=r"(?:ja,? |ok(?:e|é)?,? |graag |we |ik wil |nu )*",
    after=_POLITE,
)
YES = _any(
    r"ja+|jawel|jazeker|zeker|klopt|akkoord|prima|ok(?:e|é|ay)?|goed|is goed|doe maar|graag|yes|yep|jep|top|mag|vooruit",
    r"dat (?:klopt|mag)|dat is goed",
    r"ja,? (?:graag|hoor|klopt|prima|dat klopt|goed|dat is goed|doe maar|dat mag|zeker)",
)
NO = _any(
    r"nee+|neen|nope|niet|no|(?:dat )?klopt niet|liever niet",
    r"nee,? (?:hoor|dank(?: u| je)?(?: wel)?|liever niet|bedankt|niet|dat klopt niet|klopt niet)",
)
_FILLER = r"(?:en |maar |ja |hm+ )*"
WHY = _any(
    r"waarom(?: (?:moet|wil|vraag|vraagt) .{0,50})?",
    r"waarvoor(?: is dat| dient dat)?|waar is dat goed voor|wat heb (?:ik|je) daaraan|hoezo",
    before=_FILLER,
    after=r"\s*\??",
)
HOW = _any(
    r"hoe(?: dan| doe ik dat| moet dat| werkt dat| bedoel(?:t)? (?:je|u)(?: dat)?)?",
    r"wat bedoel(?:t)? (?:je|u)(?: (?:daarmee|precies|hiermee))?",
    r"(?:ik )?(?:snap|begrijp) (?:het|de vraag) niet",
    r"(?:meer )?uitleg(?: graag)?|leg (?:eens |even )?uit|help|hulp|wat moet ik (?:hier )?(?:invullen|doen|zeggen|typen)",
    before=_FILLER,
    after=r"\s*\??",
)
EXAMPLE = _any(
    r"(?:een )?(?:voorbeeld(?:je|en|zin)?|bijvoorbeeld)(?: geven| noemen| graag)?",
    before=r"(?:en |heb (?:je|u) |heeft u |kun(?:t)? (?:je|u) |mag ik |geef (?:me |mij |eens )?|noem (?:eens )?|graag )*",
    after=r"\s*\??",
)
NUMBER_WORDS = ["een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"]
_NUMBER = rf"(?P<number>\d{{1,2}}|één|{'|'.join(NUMBER_WORDS)})"
_LINE = r"(?:de |het |mijn )?(?:antwoord|regel|stap|vraag|punt)\s*(?:op |bij |van |nr\.? |nummer )?(?:stap |vraag )?"
_CHANGE_VERB = r"(?:wijzig(?:en)?|verander(?:en)?|pas|aanpassen|corrigeer|bewerk|terug naar|ga (?:terug )?naar)"
_WISH = r"(?:ik wil |kan ik |graag |nee,? )?"
CHANGES = (
    re.compile(rf"{_WISH}{_CHANGE_VERB} (?:nog |even |graag )?{_LINE}{_NUMBER}(?: aan)?{_POLITE}"),
    re.compile(rf"{_WISH}{_LINE}{_NUMBER} (?:wijzigen|veranderen|aanpassen|corrigeren){_POLITE}"),
    re.compile(rf"{_WISH}{_CHANGE_VERB} (?:nog |even |graag )?(?:de |het |mijn )?(?P<label>[^.!?]{{2,40}}?)(?: aan)?{_POLITE}"),
    re.compile(rf"{_WISH}(?:de |het |mijn )?(?P<label>[^.!?]{{2,40}}?) (?:wijzigen|veranderen|aanpassen|corrigeren){_POLITE}"),
)
"""Ways to ask for another answer at an earlier step; group `number` or `label` names it."""
CORRECTION = re.compile(
    r"(?:(?:nee|oeps|sorry|wacht|eh|uh|o|oh|pardon|ho)[,. ]+)*"
    r"(?:ik bedoel(?:de)?|dat moest zijn|bedoel(?:de)?|correctie|(?:dat |het )?moet zijn|dat was fout[,:]? het is"
    r"|ik vergis(?:te)? me[,:]?(?: het is)?|verkeerd[,:] het is)\s*[:,]?\s+(?P<text>.+)",
    re.DOTALL | re.IGNORECASE,
)
"""'nee, ik bedoelde …': group `text` is what the last answer should be."""

_QUESTION_VERBS = (
    "is|zijn|kan|kun|kunt|kunnen|mag|mogen|moet|moeten|doe|doet|doen|ga|gaat|gaan|heb|heeft|hebben|krijg|krijgt|krijgen|breng|maak|vraag|zeg"
    "|werkt|kost|kosten|betekent|gebeurt|zit|zitten|wordt|worden|zou|zal|valt|vind|regel|geldt|betaalt|hoort|staat"
)
_INVERTED_VERBS = (
    "kan|kun|kunt|kunnen|mag|mogen|moet|moeten|is|zijn|heb|hebt|heeft|hebben|krijg|krijgt|krijgen|zit|zou|zal|zullen|doe|doen|gaan|word|wordt"
    "|worden|ben|bent|wil|wilt|hoef|hoeft"
)
_JUDGED = "verstandig|waar|normaal|slim|handig|toegestaan|nodig|verplicht|beter|mogelijk|erg|oké|goed om|een goed idee|raar|strafbaar"
_EXISTING = "een|nog|ook|iets|iemand|subsidie|geld|hulp|vergoeding|regelingen?|cursus|training|wetten|regels|kosten|mogelijkheden"
_PERSON = "ik|u|we|wij|je|jij|hij|ie|ze|zij"
# A statement without its subject ("kan het niet aan", "is er vaak niet", "heeft een korte lont") must stay a statement.
_QUESTION_START = re.compile(
    r"(?:en |maar |ja maar |oh |eh |zeg |hoi |ok |vraagje:? |vraag:? |even een vraag:? )*"
    r"(?:(?:hoe|wat|wie|waar|wanneer|waarom|welke?|hoeveel|hoelang|waarvoor|waarmee|wat voor)(?:veel| lang| vaak| veel)?\s+"
    rf"(?:{_QUESTION_VERBS})\b|(?:welke?|hoeveel|wat voor|hoe lang)\s+(?:\w+\s+){{1,2}}(?:{_QUESTION_VERBS})\b"
    rf"|(?:{_INVERTED_VERBS})\s+(?:ik|je|jij|u|we|wij|jullie|hij|zij|ze)\b|(?:weet|weten)\s+(?:je|u|jij|jullie)\b"
    rf"|(?:is|was)\s+(?:het|dat|dit)\s+(?:{_JUDGED})\b|(?:is|zijn|bestaa[nt]?|bestaan)\s+(?:er|daar|hier)\s+(?:{_EXISTING})\b"
    r"|(?:kan|mag|moet|hoeft|werkt|helpt|telt|geldt)\s+(?:dat|dit)(?:\s+\w+){0,2}$"
    # "hoe bouw ik dat op", and not "hoe vaak ik het ook zeg"
    rf"|(?:hoe|wat|waar|wanneer|waarom)\s+(?!(?:vaak|veel|lang|snel|goed|hard|dat|{_PERSON})\b)\w+\s+(?:{_PERSON})\b|wat als\b)"
)
_ASKING = re.compile(
    r"(?:kun(?:t)? (?:je|u) |kan (?:je|u) |wil(?:t)? (?:je|u) |graag )*"
    r"(?:leg .{0,20}uit|vertel (?:me |mij |eens )|uitleg over|informatie over|info over"
    r"|geef (?:me |mij )?(?:meer )?(?:info|informatie|uitleg|tips)"
    r"|ik wil (?:graag )?(?:weten|meer weten))"
)


def is_question(text: str) -> bool:
    """Whether a text has the shape of a question or of a request for information."""
    words = plain(text)
    return words.endswith("?") or bool(_QUESTION_START.match(words)) or bool(_ASKING.match(words))


def wants_resume(text: str) -> bool:
    """Whether the text asks to go on with a flow that waits ('ga verder')."""
    return bool(RESUME.fullmatch(plain(text).rstrip("?")))
