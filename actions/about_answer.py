"""A question about the answer that was just given: where it comes from, shorter, an example sentence, or one thing in it ("hoe lang duurt dat?").

What is not in the answer is not made up: then the assistant says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import compare, context
from actions.in_short import shortened
from actions.person import COACH_BUTTON, besides_coach
from actions.phrases import plain
from actions.safely import SafeAction
from nlu.topics import BEHAVIOURS
from steunwijzer.answers import Answer, answers, dutch_date, payload, topic_button

Events = list[dict[str, Any]]

_SHORT_WITHIN = 12  # words: who writes more tells something new
_LEAD = r"(?:(?:en|maar|ja|ok|oke|oké|nou|hm+|eh|graag|wacht)[, ]+)*"
_WISHES = {
    "sources": re.compile(
        rf"{_LEAD}(?:(?:welke|wat (?:is|zijn) (?:de|uw|jullie|je)|(?:heeft u|heb je) (?:een|de)|noem (?:de|uw)|graag de) bron(?:nen)?\b.*"
        r"|bron(?:nen|vermelding)?|waar staat (?:dat|dit)(?: (?:precies|eigenlijk|dan|in de wet))?"
        r"|waar (?:komt|haalt|haal) (?:u |je |jullie )?(?:dat|dit)(?: \w+){0,2}(?: vandaan)?"
        r"|hoe (?:weet|weten) (?:u|je|jullie) (?:dat|dit)(?: (?:zo )?zeker)?"
        r"|(?:klopt|is) (?:dat|dit)(?: \w+){0,2}(?: wel| echt| zeker| waar| actueel)+|klopt (?:dat|dit)|is dat zo(?: zeker)?"
        r"|weet (?:u|je) (?:dat|het) (?:wel )?zeker|is (?:daar|hier) (?:ook )?onderzoek (?:naar|over)(?: gedaan)?"
        r"|(?:heeft u|heb je|hebben jullie) (?:daar|hier) (?:ook )?(?:een |wel )?(?:bron|onderzoek|bewijs)(?: \w+)?"
        r"|(?:van )?wanneer is (?:dat|dit|die informatie)(?: nagekeken)?|hoe actueel is (?:dat|dit)) ?\??"
    ),
    "short": re.compile(
        rf"{_LEAD}(?:(?:kan|kun|kunt|mag|doe|zeg|geef|wil)\b.{{0,25}}\bkort(?:er)?\b.{{0,15}}"
        r"|(?:nog )?korter(?: aub| graag)?|kort(?: graag| samengevat)?"
        r"|(?:doe |geef )?(?:eens |een )?samenvatting(?: graag| aub)?|(?:kunt u |kun je )?(?:dat |dit |het )?samenvatten|in één zin|in 1 zin"
        r"|te lang|dat is (?:te|veel te|wel) (?:lang|veel)(?: tekst)?|zo veel tekst|zoveel tekst) ?\??"
    ),
    "example": re.compile(
        rf"{_LEAD}(?:(?:heeft u|heb je|mag ik|kunt u|kun je|geef(?: me| mij)?|noem)\b.{{0,20}}\bvoorbeeld ?zin(?:nen|netje)?\b.{{0,40}}"
        r"|voorbeeld ?zin(?:nen|netje)?(?: graag| aub)?|welke (?:zin|zinnen|woorden)(?: gebruik ik| kan ik gebruiken| dan)?"
        r"|(?:een )?voorbeeld(?:je)? van (?:een |zo'n )?zin(?:netje)?) ?\??"
    ),
}
# What is asked, and what a sentence that answers it looks like.
_NUMBER = r"\b(?:\d+|een|één|twee|drie|vier|vijf|zes|half|halve|enkele)\b"
_ENOUGH = re.compile(r"\b(?:genoeg|voldoende)\b")
_CUES = (
    (
        r"\bhoe ?lang\b|\bduurt?\b|\btot wanneer\b|\bhoeveel (?:weken|maanden|jaar|dagen|uur)",
        rf"^(?!\W*(?:[Ee]lke|[Ww]eek|[Rr]ond))(?:.*{_NUMBER}[\w ]{{0,12}}(?:dag|we[e]?k|maand|ja[a]?r)|.*einddatum|.*duurt)",
    ),
    (r"\bhoe vaak\b|\bhoeveel keer\b", r"\b(?:elke|iedere|per|eens|keer|maandelijks|wekelijks|jaarlijks)\b"),
    (r"\bhoeveel (?!is\b|krijg|kost|geld|procent|euro|betaal|subsid)\w{4,}", _NUMBER),
    (r"\bhoeveel\b", r"€|\beuro|procent"),
    (
        r"\bkost|\bbetaa?l|\bgratis\b|\bvergoed|\bkrijg (?:ik|je|u)\b|\bduur\b|\bgeld\b",
        # that a helpline is free is no answer to who pays
        r"^(?!.*\b11[23]\b).*(?:€|\beuro|procent|\b[uU] betaalt|betaalt (?:u|UWV|de|gemeente)|\b[Kk]osten\b|gratis|vergoed|subsidie|voucher)",
    ),
    (_ENOUGH.pattern, rf"minst|hooguit|meestal {_NUMBER}"),
    (r"\bziek ?meld\w*\b", r"[Gg]eef de melding|ziekmelding"),
    (
        r"^(?:en |maar |ok[eé]? )*waar(?: dan| is dat| moet dat| doe ik dat| kan dat)?\W*$",
        r"[Gg]eef de melding|[Vv]raag .*(?:UWV|gemeente|Werkcentrum)|aanvra",
    ),
    (r"\bdoorbetal\w*|\bloon\b", r"loondoorbetaling|[Ll]oon:"),
    (r"\bneemt\b.*\bop\b|\breageert\b|\bgeen (?:reactie|antwoord)\b", r"[Rr]eactie|reageert"),
    (
        r"\bwaar (?:kan|kunnen|volg\w*) (?:ik|we|hij|ze|mijn)\b"
        r"|\bvraag(?:t|en)?\b.*\baan\b|\baanvra|\bregel(?:en|t)?\b|\baanmeld|\bbij wie\b|\bwaar (?:moet ik|meldt?|vraagt?|regelt?)\b",
        r"[Vv]raag|aanvra|Belastingdienst|formulier|aangifte|meld",
    ),
    (
        r"\bvoor wie\b|\bgeldt\b|\btelt\b|\book (?:voor|bij|als|een)\b|\bbij (?:een|iemand)\b|\bmag (?:dat|het)\b",
        r"[Vv]oor wie|[Mm]ensen (?:uit|met|die)|uitkering|Participatiewet|Wajong|hangt|doelgroep",
    ),
    (
        r"\bwanneer\b|\bop tijd\b|\bbinnen\b|\bvanaf\b",
        rf"{_NUMBER}[\w ]{{0,12}}(?:dag|we[e]?k|maand|ja[a]?r)|binnen|v[oó][oó]r\b|vooraf|uiterlijk",
    ),
    (
        r"\bwie (?:doet|regelt|bepaalt|schrijft|beslist|komt)\b",
        r"UWV|gemeente|bedrijfsarts|arbodienst|trajectbegeleider|coach|werkgever",
    ),
)
_COMPILED = tuple((re.compile(asked), re.compile(told)) for asked, told in _CUES)
_LEANS = re.compile(r"\b(?:dat|dit|die|deze|daar(?:van|voor|mee|bij|over|na)?|ervan|ervoor|erbij|ermee|zoiets|zo'n|ook|dan|het)\b")
_GOES_ON = re.compile(
    rf"{_LEAD}(?:wat nu|en nu|nu wat|en dan|wat dan|hoe dan|hoe nu(?: verder)?|hoe verder|en verder"
    r"|wat moet ik (?:nu |dan )*doen|wat doe ik (?:nu|dan)|hoe los ik (?:dat|dit) op|en daarna|wat daarna) ?\??"
)
# how to do a thing asks for steps, which no single sentence gives
_HOW_TO = re.compile(rf"{_LEAD}hoe (?:zet|maak|stel|pak|bouw|begin|voer|schrijf|organiseer) (?:ik|je|we|wij|jullie)\b")
# words that carry no subject, beside those of fewer than four letters
_EMPTY = re.compile(
    r"(?:(?:daar|hier|waar|er)(?:voor|van|mee|bij|over|naar?|door|in|op|om|toe|aan)|(?:daar|hier|er)na|moet(?:en)?|hoeveel|(?:hoe)?lang|welke|waar|wanneer|krijg(?:t|en)?|geld(?:t|en)|telt|voor|eigenlijk|precies|iemand|iets|mijn|onze|onder|over"
    r"|alleen|maar|kunnen|zijn|heb(?:ben)?|heeft|(?:aan)?vra(?:agt?|gen)|betaa?l(?:t|en)?|kost(?:en)?|du(?:urt|ren)|rege(?:l|len|lt)|meldt?|melden|word(?:t|en)|komt|gaat"
    r"|doen|doet|lo(?:opt|pen)|werkt|hoe|gewoon|zelf|weer|steeds|willen|vind(?:t|en)|wee?t(?:en)?|zeg(?:t|gen)|deze|geen|niet|nooit|altijd|vanaf|tijd|hier|daar|bepaalt|schrijft|ne(?:emt|men)|reageert|denk(?:t|en)?|dacht)"
)
_WHOM_TO_ASK = {"regeling": "Vraag het na bij UWV of de gemeente.", "privacy": "Vraag het aan de bedrijfsarts of HR."}
_ELSEWHERE = "Een coach kan daarover meedenken."
# a short question after these is about the behaviour (`vervolg/*`), or about no answer at all
_NOT_ASKED_ABOUT = frozenset({*BEHAVIOURS, "grens", "bot", "coach", "regio", "dialoog"})
_ONE_SUBJECT = frozenset({"ips"})  # its answers are about one and the same; those about schemes are each about another
_MOST_UNITS = 2
_ON_PAPER = "privacy/vastleggen"  # its quotations are for paper, good and bad ones
_REPORTING_ILL = re.compile(r"\bziek ?(?:te )?meld\w*\b")  # the report, not the illness
_LEAST_SAID = 3  # words of a sentence that tells something by itself
_FEW = 6  # words
_STEM, _ENDING = 6, 3  # letters that the forms of a word share at least, and in which a long one may differ
_FRONT = 4  # letters that stand before it at least: "loondoorbetaling" holds "doorbetaling"
_LONGER = 5  # "traject" is not "trajectbegeleider"
_WITH_DETAILS = ("regeling/", "preventie/ziekmelding")
_PRICE, _TIME = re.compile(r"goedkop|duurd|kost"), re.compile(r"kort|lang|snel|duurt")
_ABBREVIATIONS_ONLY = 99
_SPECIFIC = 8  # letters: shorter words have too many uses
_RARE = 2  # a word that stands in more sentences, or in the answers of more schemes, says nothing about this one


def wish(text: str) -> str | None:
    """What a message asks of the last answer as a whole: ``sources``, ``short``, ``example``; None when it asks something else."""
    said = plain(text)
    return next((name for name, pattern in _WISHES.items() if pattern.fullmatch(said)), None)


def _units_of(part: str) -> list[str]:
    """The bullets and sentences of one part of an answer."""
    units: list[str] = []
    for line in part.splitlines():
        line = line.strip()
        if line.startswith("- "):
            units.append(line[2:])
        elif line and not line.endswith(":"):
            units += [one for one in _sentences(line) if not one.startswith("(nagekeken")]
    return units


def _sentences(line: str) -> list[str]:
    """Sentences; a quotation stays whole, and a question stays with its answer."""
    found: list[str] = []
    for part in re.split(r"(?<=[.?!\"])\s+(?=[A-Z\"*])", line):
        open_before = found and (found[-1].count('"') % 2 or found[-1].endswith("?"))
        if open_before:
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return found


def _units(answer: Answer) -> list[str]:
    return [unit for part in (answer.text, *answer.more) for unit in _units_of(part)]


def line_about(answer: Answer, label: str) -> str | None:
    """The line of an answer that begins with a label in bold, and the last paragraph; None when there is no such line."""
    line = next((one for one in answer.text.splitlines() if one.startswith(f"- **{label}**")), None)
    last_paragraph = answer.text.rsplit("\n\n", 1)[-1]
    return f"{line[2:]}\n\n{last_paragraph}" if line else None


def _words(text: str, shortest: int = 4) -> set[str]:
    """Words that carry meaning, without their endings: those of ``shortest`` letters or more, and the abbreviations of schemes."""
    found: list[str] = re.findall(rf"\b(?:[a-zà-ÿ]{{{shortest},}}|wia\b|wga\b|lkv\b|uwv\b|ips\b|zzp\b)", text.lower())
    return {word[: max(_STEM, len(word) - _ENDING)] for word in found if not _EMPTY.fullmatch(word)}


def _holds(text: str, word: str) -> bool:
    """Whether a text holds a word, in another form or as the end of a longer one; ``word`` is its beginning."""
    for one in re.findall(r"[a-zà-ÿ]+", text.lower()):
        if one.startswith(word) and len(one) - len(word) <= _LONGER or len(word) >= _STEM and word in one[_FRONT:]:
            return True
    return False


def found_in(answer: Answer, text: str) -> tuple[list[str], bool]:
    """The sentences of an answer that a short question is about (at most two), and whether one holds most of what it names.

    Both empty and False when the question has no shape that is known here.
    """
    said = plain(text)
    told = _cue(said)
    wanted = _words(_ENOUGH.sub(" ", _REPORTING_ILL.sub(" ", re.sub(r"\b\d+ (?:maanden|maand|weken|jaar)\b", " ", said))))
    scored = []
    for place, unit in enumerate(unit for unit in _units(answer) if not unit.startswith('"') and len(unit.split()) >= _LEAST_SAID):
        shared = sum(1 for word in wanted if _holds(unit, word))
        fits = int(told is not None and told.search(unit) is not None)
        if shared or fits:
            scored.append((2 * shared + fits, -place, unit, shared))
    best = sorted(scored, reverse=True)[:_MOST_UNITS]
    if not best:
        return [], False
    best = [one for one in best if one[0] >= best[0][0] - 1]
    return [unit for _, _, unit, _ in sorted(best, key=lambda one: -one[1])], any(_is_named(unit, wanted, shared) for _, _, unit, shared in best)


def _is_named(unit: str, wanted: set[str], shared: int) -> bool:
    """Whether a sentence holds most of what is wanted, or half of it in the bold words that it begins with ("**Premie:** …")."""
    label = "".join(unit.split("**", 2)[1:2])
    return not wanted or shared > len(wanted) / 2 or 2 * sum(1 for word in wanted if _holds(label, word)) >= len(wanted)


def _cue(said: str) -> re.Pattern[str] | None:
    """What a sentence looks like that answers the first known kind of question in a plain text ("hoe lang krijg ik dat" asks how long), or None."""
    return next((told for asked, told in _COMPILED if asked.search(said)), None)


def asks_one_thing(text: str) -> bool:
    """Whether a text asks for one thing of a known kind: how long, how much, who for, where to apply, when, who decides."""
    return _cue(plain(text)) is not None


def is_bare(text: str) -> bool:
    """Whether a question names nothing of its own ("wat kost dat ons?"): then it is about what was said before."""
    return asks_one_thing(text) and bool(_LEANS.search(plain(text))) and not _words(text)


def leans(text: str) -> bool:
    """Whether a few words ask for one thing about something that was said ("moet ik dan loon betalen")."""
    said = plain(text)
    return len(said.split()) <= _FEW and asks_one_thing(text) and bool(_LEANS.search(said))


def asks_enough(text: str) -> bool:
    """Whether a few words ask if something is long or much enough ("6 maanden, is dat genoeg")."""
    said = plain(text)
    return len(said.split()) <= _FEW and bool(_ENOUGH.search(said))


def goes_on(text: str) -> bool:
    """Whether somebody only asks how to go on ("wat nu", "en dan?")."""
    return bool(_GOES_ON.fullmatch(plain(text)))


def is_about(answer: Answer, text: str) -> bool:
    """Whether a message may well be a question about this answer: short, and leaning on it or of a known shape."""
    said = plain(text)
    if answer.topic.split("/")[0] in _NOT_ASKED_ABOUT or len(said.split()) > _SHORT_WITHIN or _HOW_TO.match(said):
        return False
    return bool(_LEANS.search(said)) or asks_one_thing(text) or _names_part_of(answer, text)


def _names_part_of(answer: Answer, text: str) -> bool:
    """Whether a message names something that only a sentence or two of the answer are about ("stijgt mijn premie")."""
    units = _units(answer)
    return any(0 < sum(1 for unit in units if _holds(unit, word)) <= _RARE for word in _words(text))


def reply(answer: Answer, text: str, *, only_found: bool = False) -> dict[str, Any] | None:
    """The message that answers a short question out of ``answer``, or that says that it is not in there; None when it is no such question.

    ``only_found``: None as well when it is not in there.
    """
    if not is_about(answer, text):
        return None
    units, named = found_in(answer, text)
    area = answer.topic.split("/")[0]
    if area in _ONE_SUBJECT and not (units and named):  # another answer about the same may hold it
        for other in (one for topic, one in answers().items() if topic.startswith(f"{area}/")):
            units_there, named_there = found_in(other, text)
            if units_there and named_there:
                answer, units, named = other, units_there, True
                break
    if only_found and not (units and named):
        return None
    listed = "\n".join(f"- {unit}" for unit in units)
    if units and named:
        return payload(answer, f"Hierover weet ik dit:\n\n{listed}" if len(units) > 1 else units[0])
    if units and any(_holds(unit, word) for unit in units for word in _words(text)):
        return not_told(answer, besides=listed)
    return not_told(answer) if asks_one_thing(text) else None


def not_told(answer: Answer, *, besides: str = "") -> dict[str, Any]:
    """The message that an answer does not tell what is asked, and who can; ``besides`` is what it does tell."""
    whom = _WHOM_TO_ASK.get(answer.topic.split("/")[0], _ELSEWHERE)
    exactly = f"Dat staat niet precies in wat ik hierover heb. Wel dit:\n\n{besides}\n\n{whom}"
    message = payload(answer, exactly if besides else f"Dat staat niet in wat ik hierover heb. {whom}")
    return {**message, "buttons": [*besides_coach(message["buttons"]), dict(COACH_BUTTON)]}


def further_on(answer: Answer, text: str) -> str | None:
    """The sentence in a further part of an answer that holds a word which the message names and the main text does not ("loondispensatie")."""
    if not answer.topic.startswith(_WITH_DETAILS):
        return None
    parts = Counter(word for part in answer.more for unit in _units_of(part) for word in _words(unit))
    long_words = _SPECIFIC if answer.topic.startswith("regeling/") else _ABBREVIATIONS_ONLY
    wanted = {word for word in _words(text, long_words) if 0 < parts[word] <= _RARE} - _words(f"{answer.title} {answer.text}")
    if wanted:
        schemes = _schemes_with()
        wanted = {word for word in wanted if schemes[word] <= _RARE}
    if not wanted:
        return None
    return max((unit for part in answer.more for unit in _units_of(part)), key=lambda unit: len(wanted & _words(unit)))


def _schemes_with() -> Counter[str]:
    """In the answers of how many schemes a word stands: "uitkering" stands in many, and is about none in particular."""
    return Counter(
        word for topic, one in answers().items() if topic.startswith("regeling/") for word in _words(" ".join((one.title, one.text, *one.more)))
    )


def last(tracker: Tracker) -> Answer | None:
    """The answer that was given last, or None."""
    return answers().get(str(context.last_answer(tracker).get("topic") or ""))


def said_from_last(dispatcher: CollectingDispatcher, tracker: Tracker, *, only_found: bool = False) -> bool:
    """Answer a short question out of the last answer; False when it is no such question. ``only_found``: also when it is not in there."""
    answer = last(tracker)
    message = reply(answer, context.said(tracker), only_found=only_found) if answer is not None else None
    if message is not None:
        dispatcher.utter_message(**message)
    return message is not None


def sources_of(answer: Answer) -> str:
    """Where an answer comes from, and when it was checked."""
    if not answer.sources:
        return "Bij dit antwoord hoort geen bron: het is een eigen tekst van deze assistent."
    listed = "\n".join(f"- {f'[{source.title}]({source.url})' if source.url else source.title}" for source in answer.sources)
    checked = f"Het is nagekeken op {dutch_date(answer.checked)}. Regels en bedragen kunnen veranderen; de bron gaat voor."
    return f"Dit antwoord komt uit:\n\n{listed}\n\n{checked}"


_WRONG_EXAMPLE = re.compile(r"\W*(?:[Nn]iet|[Oo]ok niet|[Ll]iever niet|[Zz]eg niet)\b")


def _spoken(texts: Sequence[str]) -> list[str]:
    units = [unit for text in texts for unit in _units_of(text) if not _WRONG_EXAMPLE.match(unit)]
    return [sentence for unit in units for sentence in re.findall(r"\"[A-Z][^\"]{12,}\"", unit)]


def example_for(answer: Answer) -> tuple[Answer, list[str]]:
    """Sentences to say aloud that belong to an answer, and the answer that holds them; the talk about a behaviour where it has none itself."""
    area = answer.topic.split("/")[0]
    talk = answers().get(f"{area}/gesprek") if area in BEHAVIOURS else None
    if answer.topic == _ON_PAPER:
        answer = answers()["privacy/vragen"]
    for one in (answer, talk):
        spoken = _spoken([one.text, *one.more]) if one is not None else []
        if one is not None and spoken:
            return one, spoken[:3]
    return answer, []


def which(text: str, before: Sequence[str]) -> dict[str, Any]:
    """What is known of each of two compared things about what is asked of both ("welke is goedkoper"); else both in short."""
    said = plain(text)
    about = "wat kost dat" if _PRICE.search(said) else "hoe lang duurt dat" if _TIME.search(said) else ""
    told = [(answers()[topic], found_in(answers()[topic], about)[0] if about else []) for topic in before]
    both = compare.message("", before)
    if not any(units for _, units in told):
        return both
    blocks = [f"**{answer.title}**\n" + "\n".join(f"- {unit}" for unit in units or ["Dat weet ik hiervan niet."]) for answer, units in told]
    return {**both, "text": "\n\n".join(blocks)}


class AboutAnswer(SafeAction):
    """A question about the last answer as a whole; the choice says which (see :func:`wish`)."""

    def name(self) -> str:
        return "action_about_answer"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        answer = last(tracker)
        choice: dict[str, Any] = context.choice(tracker) or {}
        asked, of = choice.get("about"), choice.get("of", "")
        if asked == "compare":
            dispatcher.utter_message(**compare.message(context.said(tracker), choice.get("compared")))
        elif asked == "which":
            dispatcher.utter_message(**which(context.said(tracker), of))
        elif asked == "both":
            dispatcher.utter_message(**compare.together(of))
        elif asked == "one":
            one, rest = answers()[of], compare.rest_of(context.said(tracker))
            dispatcher.utter_message(**((reply(one, rest) if rest else None) or payload(one)))
        elif asked == "people":
            told = [str(one["behaviour"]) for one in choice["people"]]
            buttons = [topic_button(f"{behaviour}/omgaan") for behaviour in told]
            words = "U noemt meer dan één medewerker. Met wie zullen we beginnen? Kies hieronder; daarna kijken we naar de ander."
            dispatcher.utter_message(text=words, buttons=[*buttons, dict(COACH_BUTTON)], asks_for="behaviour")
        elif asked == "noise":
            words = "Zegt u maar waar u mee verder wilt. U kunt ook hieronder kiezen." if answer else "Wat speelt er op het werk?"
            buttons = payload(answer or answers()["dialoog/weet_niet"])["buttons"]
            dispatcher.utter_message(text=words, buttons=buttons, topic="dialoog/weet_niet")
        elif answer is None:
            dispatcher.utter_message(text="Ik heb nog geen antwoord gegeven. Wat speelt er op het werk?", topic="dialoog/weet_niet")
        elif asked == "sources":
            # they stand in the words already
            dispatcher.utter_message(**{**payload(answer, sources_of(answer)), "sources": [], "checked": None})
        elif asked == "short":
            dispatcher.utter_message(**payload(answer, shortened(answer)))
        else:
            held, spoken = example_for(answer)
            lines = "\n".join(f"- {one}" for one in spoken)
            words = f"Dit kan hardop:\n\n{lines}" if spoken else "Hierbij heb ik geen voorbeeldzin. Waar gaat het gesprek over?"
            dispatcher.utter_message(**payload(held, words))
        return []
