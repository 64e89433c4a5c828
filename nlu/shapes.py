"""Topics that the shape of a message rules out, whatever its words resemble.

A linear model on words cannot tell "bel mij" from "mag ik haar man bellen", nor "opnieuw" from "moet dat elk jaar opnieuw?".
"""

from __future__ import annotations

import re

PERSON = frozenset({"coach/spreken", "coach/terugbellen"})
"""A coach for the writer; these start a form at once."""
_BARE = frozenset({"dialoog/opnieuw", "dialoog/stop"})
# said of somebody or something else they are part of what is told
_OF_ANOTHER = re.compile(
    r"\b(?:hij|zij|ze|ie|hem|haar|iemand|medewerk\w*|werknem\w*)\b|\b(?:moet|mag|kan|hoeft|wordt|gaat|begint|telt|loopt|geldt) (?:dat|het|dit|die)\b"
)
_BACK_TO = re.compile(r"\bterug naar (?:het|de|dat|die|mijn)\b(?! begin)")
_EMPLOYEE = "grens/werknemer"
_YES_NO = frozenset({"dialoog/ja", "dialoog/nee"})
_SAYS_YES_NO = re.compile(
    r"(?:ja|nee|neen|jaja|jawel|jazeker|zeker|klopt(?! (?:dat|het|dit)\b)|niet|nope|nah|ok|oke|oké|prima|goed"
    r"|graag|liever|hoeft|dat (?:hoeft|klopt|is goed)|laat)\b"
)
_ASKS = re.compile(
    r"(?:en |maar )*(?:is|mag|moet|kan|kun|hoe|wat|waarom|wanneer|wie|waar|zal|zou|heeft|werkt|klopt) (?:dat|het|dit|ik|we|hij|ze|je|u|die|er)\b"
)

# words of which one stands in nearly every longer message of the kind; a message of several words without any is about something else
_NEEDED = {
    "dialoog/stop": re.compile(
        r"stop|klaar|genoeg|hou\w* .*op|ophou|laat|kap|later|\bzin\b|nie|eind|breek|onderbr|sluit|cancel|annul|nee|weg|vergeet|hoeft|basta|schei|quit"
        r"|exit|wacht|pauze|verder|over|moet gaan|moet nu|weet|volgende|\buit\b|eruit|haak|stap|zie er|stil|nek om|geen tijd|rond|beëind"
    ),
    "dialoog/afscheid": re.compile(
        r"dag|doei|tot |fijn|groet|bye|houd|later|ajuu|ciao|adieu|salu|avond|weekend|zie|tjo|hoi|doeg|mazzel|ballen|tabee|moi|spre[ek]|\bga\b"
        r"|adios|hej|verder|weer|slaap|werk|allez|merci|klant|weg|vandoor|hang|stap|thuis|sluit|vaarwel|afscheid|dat was"
    ),
    "dialoog/groet": re.compile(
        r"h[oa]i|hallo|hey|hee|goe|dag|mo[ir]|yo|\bhe\b|salu|hola|bonjour|gegroet|welkom|morgen|middag|avond|hé|alo|sela|aanwezig|daar|tref|\bhi\b"
        r"|joe|joh|hoe gaat|alles goed|\bha\b|groet|beste|\bhier\b|spree?k|naam is|voorstel|^met \w"
        r"|\b(?:ik|wij|we) (?:\w+ )?(?:ben|zijn|hebben|heb|run|runnen|werk|leid|zit|heet|schrijf)\b"
    ),
}
_SEVERAL = 5  # words
_TAKES_NO_LEAVE = re.compile(r"(?:en |maar )*tot (?:hoe|wanneer|welk\w*|waar|en met)\b")
_NOT_STOPPED_HERE = re.compile(
    r"\bhoe stop (?:ik|je|we)\b(?!.*\b(?:hier\w*|deze|gesprek|chat|vragen)\b)|\bhoudt? (?:het|dat|dit|hij|ze|die) (?:een keer|ooit|nooit|nou|nu) op\b"
)
# a question about something that is asked too late, perhaps; no wish to fill in how it goes
_TOO_LATE = re.compile(r"\b(?:kan|mag|kunnen|lukt) (?:dat|het|dit|we|ik)\b.*\bnog\b")
_NO_GREETING = re.compile(r"(?:en|maar) (?:morgen|vanmiddag|vanavond|straks|overmorgen)\b")

_WE = r"(?:ik|we|wij)"
_CALLS_ANOTHER = re.compile(
    rf"\b(?:mag|moet|kan|zal|wanneer|hoe) {_WE}\b(?! (?:\w+ ){{0,3}}(?:iemand|een coach|jullie|u|jou)\b)(?: [\w']+){{0,5}} (?:op)?bellen\b"
    rf"|\bwie (?:moet|kan|mag|zal) {_WE}\b(?: \w+){{0,3}} bellen\b"
    rf"|\b(?:bel {_WE}|{_WE} bel|{_WE} wil zelf bellen|zelf bellen)\b(?! met een coach)"
    r"|\b(?:kan|kun|kunt|wil|wilt|zou|mag) (?:je|jij|u|ge|gij|jullie|de coach|iemand)\b(?: \w+){0,2} (?:hem|haar|ze|zijn|d'r|m|hun)\b"
    r"(?: \w+){0,3} (?:op)?(?:bellen|mailen|appen)\b"
    r"|\b(?:als|dat|wanneer) (?:hij|ze|zij|ie|(?:zijn|haar|de|hun|die) \w+) (?:mij|me|ons)(?: \w+){0,3} (?:op)?(?:bel|mail|app)\w*\b"
    r"|\bbellen (?:elke|iedere|om de) \w+\b|\b(?:elke|iedere) (?:dag|week|ochtend) (?:op)?bellen\b"
    r"|\b(?:hij|ze|zij|ie|(?:zijn|haar|hun) \w+) (?:belt|bellen|appt|appen|mailt|mailen) (?:mij|me|ons)\b"
)
_ALLOWED_TO_CALL = re.compile(
    r"(?:(?:en|maar|ok[eé]?|ja) )*(?:(?:op)?bellen|appen|mailen|langsgaan|(?:een )?appje|belletje|telefoontje) (?:mag|kan|moet|hoort|helpt)\b"
    r"(?! (?:je|u|iemand|de coach) (?:mij|me|ons))"
)
_OWN = r"(?:mijn|m'n|mn|onze|ons|onzen|mijne|een van (?:mijn|onze))"
# words that end like a trade and are none
_NO_STAFF = r"(?!werkgever|partner|manager|vader|moeder|broer|zuster|dochter|dokter|behandelaar|begeleider|computer|zomer|kamer|leraar|\w*leider)"
_OWN_STAFF = re.compile(
    rf"\b{_OWN} (?:\w+ )?{_NO_STAFF}"
    r"(?:medewerk\w*|werknem\w*|personeel\w*|team|ploeg|mensen|jongens?|meid\w*|leerling\w*|stagiai\w*|kracht|oproepkracht|kok|hulp\w*|knecht|gezel"
    r"|\w{3,}(?:er|ster|eur|ist|ante?|ère|ien))\b"
    r"|\b(?:als|dat|wanneer|of) (?:(?:een|de|mijn) (?:medewerk\w+|werknem\w+)|hij|ze|zij)\b"
    r"|\b(?:in|binnen) (?:mijn|ons|onze) (?:team|ploeg|bedrijf|zaak|winkel|salon|keuken|afdeling)\b"
    r"|\bik (?:heb|run|leid) (?:zelf )?(?:een|mijn eigen) (?:\w+ )?\w*(?:erij|winkel|zaak|bedrijf|salon|restaurant|hotel|praktijk|café|garage)\b"
    r"|\bik ben (?:\w+ )?(?:\w*manager|teamlei\w+|leidinggevende|werkgever|eigena\w+|hr\w*|p&o\w*|directeur|afdelingshoofd|ondernem\w+)\b"
)
# who guides somebody at work is no employee either
_GUIDES = re.compile(
    r"\b(?:ik ben|wij zijn|als) (?:\w+ ){0,2}(?:job|ips-?|traject|werk)?(?:coach|begeleider|consulent|hulpverlener)\b"
    r"|\b(?:mijn|m'n|mn|onze|een|de) cli[eë]nte?n?\b"
)
_SELF = re.compile(
    r"\bik (?:ben|voel|heb|zit|kan|durf|trek|werk)\b.{0,40}\b(?:zelf|werknemer|medewerker (?:in|bij)|ziek)\b"
    r"|\b(?:mijn|m'n) (?:baas|chef|werkgever|leidinggevende)\b"
)
_ALSO_ABOUT = re.compile(r"(?:en|maar) (?:zijn|z'n|zn|haar|d'r|dr|hun|mijn|mn|de|het|die|dat) \w+(?: dan)? ?\??$")
_PRAISES_ANOTHER = re.compile(r"\b(?:hij|zij|ze|ie) (?:is|doet|werkt|kan|blijft)\b")
_NOT_ILL = re.compile(r"\b(?:is|was|zijn) (?:\w+ )?niet ziek\b(?!.*\bmeld)")
_DISMISSAL = "grens/ontslag"
_NO_DISMISSAL = re.compile(
    r"\bgeen (?:\w+ )?ontslag\b|\bniet (?:(?:om|over|aan) )?(?:een |het )?ontslag\b"
    r"|\b(?:wil|wilde|hoef|ga|zal|willen) (?:(?:hem|haar|ze|ik|we|'m|d'r) )*(?:(?:helemaal|juist|echt|dus|zeker|absoluut|toch) )*niet ontslaan\b"
)
_GIVES_CONTRACT = re.compile(
    r"\b(?:wil|willen|krijgt?|krijgen|geef|geven|gegeven|bied|bieden|aanbieden|teken\w*|verdient?|eerste|nieuwe?|proef\w*)\b(?: \w+){0,4}"
    r" \w*contract(?:je)?\b|\bcontract(?:je)? (?:geven|aanbieden|bieden|tekenen|krijgen)\b|\b(?:wat voor|welke?|soort) (?:\w+ )?contract\b"
)
_ENDS_CONTRACT = re.compile(
    r"\b(?:niet|geen|zonder)\b(?: \w+){0,4} contract\b|contract\w*(?: \w+){0,4} (?:niet|af|aflopen|afloopt|stop\w*|uit\w*|eindig\w*|opzeg\w*)\b"
    r"|\bontsla\w*|\bopzeg\w*|\bbe[eë]indig\w*|\bontbind\w*|\bstop\w*|\bverleng\w*|\baanzeg\w*|\bconflict\w*|\bwaarschuw\w*|\bkwijt\b|\bdreig\w*"
    r"|\beind\w*|\beruit\b|\bloopt af\b|\bketen\w*|\bbeding\b"
)


def ruled_out(text: str) -> set[str]:
    """Topics that this message cannot be about.

    Who wants to call somebody else asks for no coach; who speaks of own staff is no employee with a question of his own.
    """
    said = " ".join(text.lower().split())
    out: set[str] = set()
    if _CALLS_ANOTHER.search(said) or _ALLOWED_TO_CALL.match(said):
        out |= PERSON
    if _OF_ANOTHER.search(said) or _BACK_TO.search(said):
        out |= _BARE
    if not _SAYS_YES_NO.match(said) and (_OF_ANOTHER.search(said) or _ASKS.match(said)):
        out |= _YES_NO
    if len(said.split()) >= _SEVERAL:
        out |= {topic for topic, needed in _NEEDED.items() if not needed.search(said)}
    if _TAKES_NO_LEAVE.match(said) or len(said.split()) < _SEVERAL and _ASKS.match(said):
        out.add("dialoog/afscheid")
    if _NOT_STOPPED_HERE.search(said):
        out.add("dialoog/stop")
    if _TOO_LATE.search(said):
        out.add("opvolging/checkin")
    if _NO_DISMISSAL.search(said) or _GIVES_CONTRACT.search(said) and not _ENDS_CONTRACT.search(said):
        out.add(_DISMISSAL)
    if _NOT_ILL.search(said):
        out.add("preventie/ziekmelding")
    if _ALSO_ABOUT.match(said):
        out.add("bot/wie_ben_je")
    if _PRAISES_ANOTHER.search(said):
        out.add("bot/compliment")
    if _NO_GREETING.match(said):
        out.add("dialoog/groet")
    if (_OWN_STAFF.search(said) or _GUIDES.search(said)) and not _SELF.search(said):
        out.add(_EMPLOYEE)
    return out
