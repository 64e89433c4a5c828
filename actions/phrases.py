"""What a user can type at every step of a guided flow: stop, back, skip, change, yes, no; and the shape of a question.

All patterns are compared with `plain(text)` as a whole (`fullmatch`), so that "hij stopt vaak halverwege" is no stop.
"""

from __future__ import annotations

import re
from typing import Literal


def plain(text: str) -> str:
    """Lower case, single spaces, without closing punctuation: the form in which commands are compared."""
    return re.sub(r"\s+", " ", text.lower().replace("’", "'")).strip().rstrip(".! ")


def one_of(*alternatives: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """A pattern for any of these, with the same around each."""
    return re.compile(f"{before}(?:{'|'.join(alternatives)}){after}", re.DOTALL)


AND_SO = r"(?:(?:en|maar|ok[eé]?|nou|ja|dus)[, ]+)*"
"""How people lead in to a short question about what was said before, as a regular expression."""
_POLITE_QUESTION = r"(?:en |maar |eh+ |oh |zeg |sorry,? |vraagje:? )*"
_POLITE = r"(?:,? (?:graag|aub|alsjeblieft|alstublieft|hoor|joh))?"

STOP = one_of(
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
_BUSY = (
    r"(?:[,.;:]? (?:want )?(?:ik (?:moet|heb|word|krijg|ga|ben)|we (?:moeten|hebben|krijgen)|er (?:komt|is|staat|belt)"
    r"|(?:de|mijn|een) (?:telefoon|bel|klant|collega|baas))\b.{0,80})?"
)
PAUSE = one_of(
    rf"(?:even |nu )?stop(?:pen)?(?: (?:maar|nu|hier|er|dit))* even(?:tjes)?(?: (?:mee|hier|maar))*{_BUSY}",
    rf"(?:nu |laten we |ik (?:wil|ga|moet) )*even(?:tjes)? (?:stop(?:pen)?|pauzeren)(?: hier| hiermee| nu| maar)*{_BUSY}",
    rf"(?:ik wil |graag |kunnen we |mag ik )+(?:even |een |korte )*pauze(?:ren)?{_BUSY}|pauzeren",
    r"(?:sorry,? )?ik moet (?:nu )?even (?:weg|gaan|ophangen|opnemen|aan het werk|de telefoon\b.{0,20}|(?:een |naar een )?klant\b.{0,20})",
    r"(?:sorry,? )?ik moet (?:nu |zo |echt |helaas |eigenlijk )*(?:weg|gaan|ervandoor|door|ophangen|opnemen|aan het werk)",
    r"(?:sorry,? )?(?:ik )?ben zo terug",
    r"(?:(?:kan|mag|kunnen) (?:ik|we) |ik (?:wil|ga) )?(?:(?:nu|even|hier|hiermee|ermee) )*stop(?:pen)?(?: (?:maar|nu|hier|even|ermee))*,?"
    r"(?: (?:en|want|maar|dan))?(?: (?:dan|ik|we))* (?:(?:doe|ga|maak|kom) )?(?:(?:ik|we) )?(?:(?:het|dit|er|dan) )*"
    r"(?:later|straks|morgen|vanavond|vanmiddag|een andere keer)(?: (?:wel|weer|nog|dan))*(?: (?:verder|af|terug)(?: ?(?:maken|gaan|doen))?)?\??",
    r"(?:dat |dit |het )?(?:doe|maak) (?:ik|we) (?:het |dit |dat )?(?:later|straks|morgen|vanavond|een andere keer)(?: (?:wel|weer|nog))*"
    r"(?: af| verder)?",
    r"(?:(?:ik|we) (?:ga|gaan|wil|doe|maak|kom|vul) )?(?:het |dit |hier |er )?(?:straks|later|morgen|vanavond|vanmiddag) (?:wel |weer |nog )*"
    r"(?:verder|af|terug)(?:maken|gaan)?(?: hiermee| mee| in)?",
    after=_POLITE,
)
"""'stop maar even, ik moet een klant helpen': the answers stay for later."""
DONE = one_of(
    r"(?:(?:ik ben|we zijn|wij zijn|ben) )?(?:er )?klaar(?: zo| nu| hoor| ermee| hiermee)*",
    r"(?:dat|dit) (?:was|is) (?:het|'t|t|'m|alles)(?: dan| wel| zo| voor nu| hoor)*",
    before=r"(?:zo|nou|nu|ok(?:e|é|ay)?|ja|top|prima|volgens mij|en)?,? ?",
)
"""'ik ben klaar': at the end a yes, before the end perhaps a wish to stop."""
_BREAKS_OFF = (
    r"(?:nee+|ach|laat (?:(?:dit|het|dat) )?(?:toch )?maar(?: zitten)?|stop(?: (?:maar|hier|nu|dit|ermee))*|hou maar op|weet (?:je|u) wat"
    r"|genoeg(?: zo)?|ik stop(?: ermee| hiermee)?|dit wordt niks|ik kom er niet uit)"
)
_COACH_WORDS = (
    r"(?:(?:de|een|met een|met de|zo'n|die) )?(?:echte )?(?:coach|mens|persoon)"
    r"(?: (?:bellen|spreken|graag|nodig|aub|praten|erbij|maar|dan|inschakelen))*"
    r"|bel(?:t)? (?:me|mij|ons)(?: (?:maar|terug|op|gewoon|even|aub|liever))*"
    r"|(?:laat )?(?:iemand|een coach|de coach) (?:me|mij|ons) (?:maar |even |gewoon )?(?:terug)?(?:bellen|bel|belt)"
    r"|(?:terug)?bellen met (?:een |de )?coach"
)
_I_WISH = r"(?:ik (?:wil|wou|zou|heb)|kan|mag|laat|kunt u|kun je|wilt u|liever|graag)"
_LIGHT_WISH = r"(?:(?:gewoon|liever|graag|toch|nu|eigenlijk|even|maar|wel|meteen|direct|dat|ik|zelf) )*"
_CALLS_ME = (
    r"(?:(?:iemand|een coach|de coach|er iemand) (?:me|mij|ons) (?:\w+ )?(?:terug)?bel(?:t|len)|(?:terug)?gebeld worden|worden (?:terug)?gebeld"
    r"|(?:met )?(?:een|de) coach (?:bellen|spreken|praten)|iemand (?:spreken|bellen)|met iemand (?:bellen|spreken|praten)"
    r"|(?:een|de) coach me (?:terug)?belt)"
)
WANTS_COACH = one_of(
    rf"(?:{_BREAKS_OFF}[,.;]? )+(?:(?:ik|graag|liever|gewoon|maar|dan|doe|wil|toch|even) )*(?:{_COACH_WORDS}|{_I_WISH} {_LIGHT_WISH}{_CALLS_ME})",
    rf"{_I_WISH} {_LIGHT_WISH}{_CALLS_ME}",
    before=r"(?:(?:sorry|ok[eé]?|ja|maar|en|eh|zeg|hoi)[,.]? )*",
    after=r"(?: (?:graag|aub|alsjeblieft|alstublieft|hoor|dan|hierover|daarover|op \[telefoonnummer\]))*",
)
"""'laat maar, coach bellen', 'ik wil gewoon dat iemand me belt': no answer to any step, whatever the model makes of it."""
_CALLING = re.compile(r"bel(?:t|len)?\b|gebeld\b")


def wants_coach(text: str) -> Literal["speak", "call"] | None:
    """Whether a text breaks off what is open for a coach, and in which way."""
    said = plain(text).rstrip("? ")
    if not WANTS_COACH.fullmatch(said):
        return None
    return "call" if _CALLING.search(said) else "speak"


_PAPER = r"(?:plan|document|formulier|papier|blad|bestand|verslag|overzicht|(?:werk)?afspraken|stappenplan|check-?in|pdf|word(?:bestand|document)?)"
_FINISHES = r"(?:(?:het|dit|dat|de|er|dan|maar|nu|zo|gewoon|graag|even|mijn|alvast|hier|toch|een) )*"
FINISH = one_of(
    rf"(?:maak|rond) {_FINISHES}(?:{_PAPER} )?{_FINISHES}af",
    rf"maak (?!een {_PAPER}$){_FINISHES}{_PAPER}(?: van| ervan| hiervan| nu| maar| klaar| met wat er (?:is|staat))*",
    rf"(?:{_FINISHES}{_PAPER} )?{_FINISHES}(?:afmaken|afronden|maken met wat er is)",
    r"(?:(?:sla|sl[aá]) )?de rest (?:mag je |maar |hoef ik |mag u )*(?:overslaan|over|niet)(?: en (?:maak|rond) .{0,25}\baf)?",
    before=r"(?:(?:ja|ok[eé]?|nee|nou|stop maar|laat maar|zo|genoeg|klaar|ik wil|kunt u|kun je|kan je|graag|en|dan)[,.]? )*",
    after=_POLITE + r"\??",
)
"""'maak het plan maar af': the paper with what there is; the questions that are left are skipped."""
_FORMAT = r"(?:pdf(?:bestand|je)?|word(?:bestand|document)?|docx?)"
DOCUMENT = one_of(
    r"(?:(?:ik wil|ik wou|mag ik|kan ik|krijg ik|kunt u|kun je|geef|doe|graag|liever) )*"
    r"(?:(?:het|hem|ze|dit|dat|die|er|me|mij|ook|nog|maar|even) )*"
    rf"(?:(?:als|in|op|een|via|of|de) )*{_FORMAT}"
    r"(?: (?:graag|ook|aub|kan dat|mag dat|kan dat ook|krijgen|hebben|maken|bewaren|downloaden|printen|worden|versie|bestand|erbij|van krijgen"
    r"|kan ook))*",
    r"(?:(?:ik wil|kan ik|mag ik|graag) )?(?:(?:het|hem|ze|dit|dat|alles|mijn antwoorden) )?"
    r"(?:bewaar(?:d|t)?|bewaren|opslaan|opgeslagen|downloaden|printen|uitprinten)(?: (?:graag|maar|aub|kan dat|dit|het))*",
    before=_POLITE_QUESTION,
    after=r"\s*\??",
)
"""'word graag', 'pdf ook', 'bewaren': about the paper that comes at the end, not for on it."""
BACK = one_of(
    r"terug",
    r"(?:naar de |terug naar de )?vorige(?: (?:stap|vraag))?",
    r"(?:ga )?(?:een |één |1 )?(?:stap|stapje|vraag) terug",
    before=r"(?:ga |even |nee,? )*",
    after=_POLITE,
)
AGAIN = one_of(
    r"(?:opnieuw|van voren af aan|van voor af aan|overnieuw)(?: beginnen| starten)?",
    r"herstart(?:en)?|reset",
    before=r"(?:begin |we beginnen |ik wil |graag |helemaal |weer |nog (?:eens|een keer) )*",
    after=_POLITE,
)
_UNSURE = r"(?:(?:eigenlijk|nog|ook|zo|even|echt|precies|goed) )*"
SKIP = one_of(
    r"sla (?:(?:deze|die|dit|dat|de) ?(?:vraag|stap)? ?)?(?:maar )?over|overslaan|skip(?:pen)?|pas",
    r"volgende(?: (?:vraag|stap))?",
    r"geen (?:flauw )?idee(?: eigenlijk| nog| wie (?:dat|het) is)?",
    r"(?:dat |ik )?(?:weet (?:ik )?niet|geen idee) wie (?:dat|het|die) is|(?:die |dat )?ken ik niet"
    r"|(?:nog )?(?:nooit|niet) (?:gezien|gesproken|van gehoord)",
    rf"(?:dat |ik )?(?:weet|wee) ?(?:ik|k)? ?(?:het|dat)? ?{_UNSURE}niet(?: (?:precies|zeker|zo|eigenlijk|goed))*",
    rf"(?:dat )?zou (?:ik|k) {_UNSURE}niet weten|ik zou het {_UNSURE}niet weten|kweenie",
    r"(?:(?:dat|dit|die|deze|vraag|stap|onderdeel|mij) )*hoef(?:t|en)? ?(?:ik|voor mij|van mij|we)? ?(?:ook |echt |nu )*niet"
    r"(?: voor mij| van mij)?",
    r"(?:(?:dat|dit) is |is )?(?:ook |echt )?niet nodig",
    r"n\.?v\.?t\.?|niet van toepassing|geen antwoord|geen mening|liever niet|nog niet|daar heb ik geen antwoord op|-+|\?+",
    after=_POLITE,
)
_THING = (
    r"(?: met (?:(?:de|het|mijn|onze|deze|die) )?(?:stappen\w*|vra(?:ag|gen)|plan|preventie\w*|(?:werk)?afspraken|check-?in|regelingen?|aanvraag"
    r"|verzoek|formulier|invullen|lijst|gesprek|dit|dat|waar we .*))?"
)
_LIGHT = r"(?:(?:nu|maar|graag|weer|toch|gewoon|dan|nog|even|eff?en?|ff|snel) )*"
_AT_THE_END = (
    rf"(?:dus )?{_LIGHT}ga {_LIGHT}(?:verder|door){_THING}",
    rf"(?:kunnen|zullen|mogen|gaan|kan|mag|ga) (?:we|ik) {_LIGHT}(?:verder|door)(?: ?gaan)?{_THING}(?= ?\?)",
    rf"(?:(?:kunnen|zullen) we|we kunnen) {_LIGHT}(?:verder|door)(?: ?gaan)?{_THING}",
    rf"laten we {_LIGHT}(?:verder|door) ?gaan{_THING}",
    r"waar (?:waren|zijn|was) (?:we|wij|ik) (?:ook |al |weer |alweer |nu )*(?:gebleven|mee bezig)?(?: ook alweer)?",
    r"waar (?:waren|zijn) (?:we|wij)(?: ook alweer| gebleven| nu)?",
)
RESUME = one_of(
    *_AT_THE_END,
    rf"{_LIGHT}verder(?: gaan| maar)?{_THING}",
    rf"doorgaan{_THING}|hervat(?:ten)?",
    rf"gaan we {_LIGHT}verder{_THING}|(?:we|ik) ga(?:an)? {_LIGHT}verder",
    r"(?:daar )?ben ik (?:weer|terug)|(?:ik )?ben (?:er weer|weer (?:er|terug)|terug)",
    r"(?:ga |ik wil |graag |even )*(?:terug|verder) naar (?:de |het |mijn )?"
    r"(?:stappen\w*|vragen|plan|preventie\w*|(?:werk)?afspraken|check-?in|regelingen|formulier)",
    r"(?:we )?pakken? (?:we )?de draad (?:maar |nu )?weer op",
    before=r"(?:(?:ja|ok(?:e|é)?|nee|toch wel|toch|jawel|graag|hallo|hoi|zo|sorry)[,.]? |we |ik wil |ik kan |nu )*",
    after=_POLITE,
)
_RESUME_TAIL = one_of(*_AT_THE_END, before=r"(?:ja |ok(?:e|é)? |nu )?", after=_POLITE + r" ?\??")
_LAST_CLAUSE = re.compile(r"(?P<before>.+?)[,.;:!?]+ +(?P<last>[^,.;:!]+)", re.DOTALL)
# What somebody tells who was away for a moment; any other words before "ga verder" may well belong to an answer.
_BACK_AGAIN = re.compile(
    r"(?:ja|ok(?:e|é)?|nou|zo|sorry|goed|prima|klaar|opgelost|gelukt|geregeld|gedaan|weer rustig|toch|jawel|terug|bedankt|dank|fijn"
    r"|het (?:gaat|is|valt|was)|alles|het's|(?:hij|ze|zij) (?:is|gaat|zit) |ik ben|we zijn|ik heb|we hebben|de klant|112|113)\b",
)
_MAX_BACK_AGAIN = 14
PROGRESS = one_of(
    r"hoe ?lang (?:duurt|gaat) (?:dit|het|dat)(?: nog| ongeveer| eigenlijk| hier| duren| allemaal| in totaal)*",
    r"duurt (?:dit|het|dat) (?:nog )?lang|hoe ?lang nog|hoeveel nog",
    r"hoe ver (?:zijn|zitten|ben|zit) (?:we|ik)(?: nu| al| eigenlijk| dan)*",
    r"(?:bij |op |in )?welke (?:stap|vraag) (?:zijn we|zitten we|is (?:dit|het)|ben ik|zit ik|waren we)(?: nu| eigenlijk| bij| dan)*",
    r"(?:met )?hoe ?veel (?:vragen|stappen)(?: (?:zijn|komen|volgen|heb|hebt|moet|krijg|gaan|er|het|u|je|ik|we|nog|dit|in totaal|totaal|eigenlijk))*",
    r"(?:zijn we|ben ik) er (?:bijna|al)(?: bijna)?|is dit de laatste(?: vraag| stap)?|(?:zijn we|ben ik) bijna klaar|waar (?:zijn we|ben ik) nu",
    before=_POLITE_QUESTION,
    after=r"\s*\??",
)
"""'hoe ver zijn we': where in the steps, and how much is to come."""
RESULT = one_of(
    r"wat (?:krijg|heb) (?:ik|je|u|we) (?:(?:nou|nu|eigenlijk|er|daar|dan|straks|hier) )*"
    r"(?:aan (?:het |t |'t )?ein?de?|na afloop|straks|eruit|ervoor|uiteindelijk)",
    r"wat (?:levert (?:dit|het|dat) (?:me |mij |ons )?op|komt er(?: straks)? uit|krijg ik (?:hier|ermee|hiermee))(?: eigenlijk| nou| nu)*",
    r"wat is (?:het )?(?:eindresultaat|resultaat)",
    before=_POLITE_QUESTION,
    after=r"\s*\??",
)
"""'wat krijg ik aan het eind': what the steps lead to."""
GRUMBLE = one_of(
    r"wat een (?:gezeur|gezeik|gedoe|geneuzel|gezanik|onzin|flauwekul|ellende|ramp|(?:hoop|boel|berg|rij) vragen)",
    r"wat (?:veel|lang|saai|vervelend|irritant|stom)(?: vragen| werk)?|zo ?veel vragen|(?:dit|het) duurt (?:me |mij )?(?:te |veel te )?lang",
    r"(?:dit|het) is (?:echt |toch )?(?:onzin|flauwekul|vervelend|saai|irritant|stom|te veel werk)|ik word hier (?:gek|moe|niet goed) van",
    r"pf+|poeh+|zucht|tjonge(?: jonge)?|jeetje",
    before=r"(?:(?:pf+|poeh+|zucht|jeetje|tjonge|jee|nou|god|man)[,. ]+)*",
    after=r"(?: (?:dit|zeg|hoor|allemaal|man|weer|nou|toch|is dit))*",
)
"""'wat een gezeur': a remark on the questions, no answer to one."""
WAIT = one_of(
    r"wacht(?: (?:even|eens|eventjes|maar|effe))*|moment(?:je)?|ogenblik(?:je)?",
    r"eh+m*|uh+m*|hm+|even (?:denken|nadenken|wachten|kijken)|ik moet even (?:denken|nadenken|kijken)",
    before=r"(?:een |ho,? |eh+m?,? |hm+,? |sorry,? )*",
    after=_POLITE,
)
YES = one_of(
    r"ja+|jawel|jazeker|zeker|klopt|akkoord|prima|ok(?:e|é|ay)?|goed|is goed|doe maar|graag|yes|yep|jep|top|mag|vooruit",
    r"dat (?:klopt|mag)|dat is goed",
    r"(?:(?:ja|jawel|nee|ok[eé]?|graag|doe maar),? )*"
    r"(?:toch(?: maar)?(?: weer)? wel|alsnog)(?: graag| maar| aub)*(?:,? (?:met )?(?:de )?zelfde gegevens)?|ja,? toch(?: maar)?",
    r"ja,? (?:graag|hoor|klopt|prima|dat klopt|goed|dat is goed|doe maar|dat mag|zeker)",
)
NO = one_of(
    r"nee+|neen|nope|niet|no|(?:dat )?klopt niet|liever niet",
    r"nee,? (?:hoor|dank(?: u| je)?(?: wel)?|liever niet|bedankt|niet|dat klopt niet|klopt niet)",
    r"(?:nee,? )?(?:hoor,? )?(?:(?:dat|het) )?(?:hoeft(?: voor mij| van mij)? niet|hoef ik niet|is niet nodig|niet nodig)(?: hoor)?",
)
_FILLER = r"(?:en |maar |ja |hm+ )*"
WHY = one_of(
    r"waarom(?: (?:moet|wil|vraag|vraagt) .{0,50})?",
    r"waarvoor(?: is dat| dient dat)?|waar is dat goed voor|wat heb (?:ik|je) daaraan|hoezo",
    before=_FILLER,
    after=r"\s*\??",
)
HOW = one_of(
    r"hoe(?: dan| doe ik dat| moet dat| werkt dat| bedoel(?:t)? (?:je|u)(?: dat)?)?",
    r"wat bedoel(?:t)? (?:je|u|jullie)(?: (?:daarmee|precies|hiermee|met .{2,40}))?",
    r"wat (?:is|betekent|houdt) (?:dat|dit|het)(?: (?:dan|nou|nu|precies|eigenlijk|voor iets|in|voor vraag))*",
    r"(?:ik )?(?:snap|begrijp) (?:het|de vraag) niet",
    r"(?:meer )?uitleg(?: graag)?|leg (?:eens |even )?uit|help|hulp|wat moet ik (?:hier )?(?:invullen|doen|zeggen|typen)",
    before=_FILLER,
    after=r"\s*\??",
)
EXAMPLE = one_of(
    r"(?:wat is )?(?:een )?(?:goed )?(?:voorbeeld(?:je|en|zin)?|bijvoorbeeld)(?: geven| noemen| graag)?",
    before=r"(?:en |heb (?:je|u) |heeft u |kun(?:t)? (?:je|u) |mag ik |(?:is|zijn) er (?:ook )?|geef (?:me |mij |eens )?|noem (?:eens )?|graag )*",
    after=r"\s*\??",
)
NUMBER_WORDS = ["een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"]


def number_of(word: str) -> int:
    """The number that figures or a word of `NUMBER_WORDS` mean ("3", "drie", "één")."""
    return int(word) if word.isdigit() else NUMBER_WORDS.index(word.replace("é", "e")) + 1


_NUMBER = rf"(?P<number>\d{{1,2}}|één|{'|'.join(NUMBER_WORDS)})"
_PART = r"(?:(?:antwoord|regel|stap|vraag|punt|onderdeel|kopje|stuk|deel)\s*(?:op |bij |van |over |nr\.? |nummer )?(?:stap |vraag )?)"
_LINE = rf"(?:de |het |mijn )?{_PART}"
_CHANGE_VERB = r"(?:wijzig(?:en)?|verander(?:en)?|pas|aanpassen|corrigeer|bewerk|terug naar|ga (?:terug )?naar)"
_WISH = r"(?:en |maar )?(?:ik wil(?: graag)? |(?:kan|mag|wil|zou) ik (?:ook |nog |even )*|kunnen we |kunt u |kun je |graag |nee,? )?"
_YET = r"(?:(?:nog|even|graag|ook|weer|alsnog|toch|liever|een keer) )*"
_TO_CHANGE = r"(?:wijzigen|veranderen|aanpassen|corrigeren)"
CHANGE_INTO = re.compile(
    rf"{_WISH}(?:{_CHANGE_VERB} )?{_YET}(?:{_LINE}{_NUMBER}|(?:de |het |mijn )?{_PART}?(?P<label>[^.!?:,]{{2,40}}?))"
    r"(?: aan| wijzigen| veranderen| aanpassen)*(?:\s*:\s*| naar | moet zijn:? | wordt:? | moet (?=.+ (?:zijn|worden)$))"
    r"(?P<text>.+?)(?:(?<=\w) (?:zijn|worden))?",
    re.DOTALL | re.IGNORECASE,
)
"""'wijzig stap 1: afgeleid': group `text` is the new answer of the step that `number` or `label` names."""
RECALLS = re.compile(
    rf"{_POLITE_QUESTION}(?:(?:wat|welke) (?:was|is|stond|staat|zei ik|had ik|heb ik|schreef ik)(?: er)?(?: ook| nou| gezegd| ingevuld| geantwoord)*"
    rf"(?: (?:bij|in|op|als))?|laat|toon|terug naar) (?:de |het |mijn )?{_PART}{_NUMBER}"
    r"(?: (?:ook|al|weer|alweer|nou|eigenlijk|dan|zien|gezegd|ingevuld|staan|nog eens))*\s*\??",
)
"""'wat was stap 1 ook alweer': group `number` is the step."""
CHANGES = (
    re.compile(rf"{_WISH}{_CHANGE_VERB} {_YET}{_LINE}{_NUMBER}(?: aan)?{_POLITE}"),
    re.compile(rf"{_WISH}{_YET}{_LINE}{_NUMBER} {_YET}{_TO_CHANGE}{_POLITE}"),
    re.compile(rf"{_WISH}{_CHANGE_VERB} {_YET}(?:de |het |mijn )?{_PART}?(?P<label>[^.!?]{{2,40}}?)(?: aan)?{_POLITE}"),
    re.compile(rf"{_WISH}{_YET}(?:de |het |mijn )?{_PART}?(?P<label>[^.!?]{{2,40}}?) {_YET}{_TO_CHANGE}{_POLITE}"),
)
"""Ways to ask for another answer at an earlier step; group `number` or `label` names it."""
CORRECTION = re.compile(
    r"(?:(?:nee|oeps|sorry|wacht|eh|uh|o|oh|pardon|ho)[,. ]+)*"
    r"(?:ik bedoel(?:de)?|dat moest zijn|bedoel(?:de)?|correctie|(?:dat |het )?moet zijn|dat was fout[,:]? het is"
    r"|ik vergis(?:te)? me[,:]?(?: het is)?|verkeerd[,:] het is)\s*[:,]?\s+(?P<text>.+)",
    re.DOTALL | re.IGNORECASE,
)
"""'nee, ik bedoelde …': group `text` is what the last answer should be."""
_OOPS = r"(?:nee|oeps|sorry|wacht(?: even)?|pardon|ho|o|oh|eh|uh|toch|maar|nou)"
MEANT = re.compile(rf"(?:{_OOPS}[,. ]+)*(?P<text>.{{1,80}}?),? bedoel(?:de)? ik(?: dus)?", re.DOTALL | re.IGNORECASE)
"""'magazijn bedoel ik': group `text` may be what the last answer should be."""
PERHAPS_MEANT = re.compile(
    rf"(?:{_OOPS}[,. ]+)*(?:wacht(?: even)?|sorry|oeps|pardon|nee)[,. ]+(?:(?:het is|het wordt|het was|toch|doe|maar|liever) )*(?P<text>.{{1,80}})",
    re.DOTALL | re.IGNORECASE,
)
"""'nee wacht, magazijn': the same, where the last question has such a choice."""
SKIP_STEP = re.compile(
    rf"(?:sla )?(?:de |maar )?(?:stap|vraag) {_NUMBER} (?:hoef(?:t|en)? ?(?:ik|we|voor mij|van mij)? ?(?:ook |echt )*niet"
    rf"|(?:maar )?over(?:slaan)?|sla (?:ik|we) over|mag (?:weg|overgeslagen worden)|(?:is )?niet nodig){_POLITE}"
)
"""'stap 3 hoef ik niet': group `number` is the step."""

_QUESTION_VERBS = (
    "is|zijn|kan|kun|kunt|kunnen|mag|mogen|moet|moeten|doe|doet|doen|ga|gaat|gaan|heb|heeft|hebben|krijg|krijgt|krijgen|breng|maak|vraag|zeg"
    "|werkt|kost|kosten|scheelt|levert|betekent|gebeurt|zit|zitten|wordt|worden|zou|zal|valt|vind|regel|geldt|gelden|betaalt|hoort|staat"
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
    r"(?:en |maar |ja maar |oh |eh |zeg |hoi |ok |wacht |vraagje:? |vraag:? |even een vraag:? )*"
    r"(?:(?:hoe|wat|wie|waar|wanneer|waarom|welke?|hoeveel|hoelang|waarvoor|waarmee|wat voor)(?:veel| lang| vaak| veel)?\s+"
    rf"(?:{_QUESTION_VERBS})\b|(?:welke?|hoeveel|wat voor|hoe lang)\s+(?:\w+\s+){{1,2}}(?:{_QUESTION_VERBS})\b"
    rf"|(?:{_INVERTED_VERBS})\s+(?:ik|je|jij|u|we|wij|jullie|hij|zij|ze)\b|(?:weet|weten)\s+(?:je|u|jij|jullie)\b"
    rf"|klopt\s+(?:dat|dit)\b|(?:is|was)\s+(?:het|dat|dit)\s+(?:{_JUDGED})\b|(?:is|zijn|bestaa[nt]?|bestaan)\s+(?:er|daar|hier)\s+(?:{_EXISTING})\b"
    r"|(?:kan|mag|moet|hoeft|werkt|helpt|telt|geldt)\s+(?:dat|dit)(?:\s+\w+){0,2}$|(?:geldt|telt)\s+(?:dat|dit|het)\b"
    r"|(?:mag|moet)\s+(?:dat|dit)\s+(?:ook|wel|altijd|per se)\b"
    r"|(?:kan|mag|moet|hoeft|werkt)\s+(?:dat|dit)\s+(?:(?:wel|ook|dan|eigenlijk|zomaar|gewoon)\s+)+(?:van|voor|met|in|als|bij|volgens|door|op)\b"
    # "hoe bouw ik dat op", and not "hoe vaak ik het ook zeg"
    rf"|(?:hoe|wat|waar|wanneer|waarom)\s+(?!(?:vaak|veel|lang|snel|goed|hard|dat|{_PERSON})\b)\w+\s+(?:{_PERSON})\b|wat als\b)"
)
_ASKING = re.compile(
    r"(?:kun(?:t)? (?:je|u) |kan (?:je|u) |wil(?:t)? (?:je|u) |graag )*"
    r"(?:leg .{0,20}uit|vertel (?:me |mij |eens )|uitleg over|informatie over|info over"
    r"|geef (?:me |mij )?(?:meer )?(?:info|informatie|uitleg|tips)"
    r"|ik wil (?:graag )?(?:weten|meer weten))"
)


def asks(text: str) -> bool:
    """Whether a text is a question by its words, with or without a question mark."""
    words = plain(text).rstrip("? ")
    return bool(_QUESTION_START.match(words)) or bool(_ASKING.match(words))


_ASKS_AT_END = re.compile(r"(?:betaalt|geldt|krijg(?:t|en)?|werkt|telt|vergoedt|hoort|mag|kan|moet)\b.*\b(?:ook|dan|dat|die|nog|er)(?: \w+)?$")


def asks_at_end(text: str) -> bool:
    """Whether the last part of a text is a question without a mark ("en een jobcoach dan, betaalt de gemeente die ook")."""
    words = plain(text).rstrip("? ")
    _, comma, last = words.rpartition(", ")
    return bool(comma) and (asks(last) or bool(_ASKS_AT_END.match(last)))


def is_question(text: str) -> bool:
    """Whether a text has the shape of a question or of a request for information."""
    return plain(text).endswith("?") or asks(text)


def wants_resume(text: str) -> bool:
    """Whether the text asks to go on with a flow that waits ('ga verder'), also at the end ('het gaat nu goed, waar waren we')."""
    words = plain(text)
    return bool(RESUME.fullmatch(words.rstrip("? "))) or resumes_at_end(text) == "yes"


def resumes_at_end(text: str) -> Literal["yes", "perhaps", "no"]:
    """Whether the last part of a text asks to go on; "perhaps" when what stands before it may be an answer ('neem pauze, ga verder')."""
    found = _LAST_CLAUSE.fullmatch(plain(text))
    if found is None or not _RESUME_TAIL.fullmatch(found["last"]):
        return "no"
    before = found["before"].strip()
    return "yes" if _BACK_AGAIN.match(before) and len(before.split()) <= _MAX_BACK_AGAIN else "perhaps"
