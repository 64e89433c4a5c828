"""Checks of the content: what the assistant says, and the examples from which it learns to understand.

Every problem is one Dutch line that names the file, the topic and what to do. The rules come from the design: §3 for tone, length and
sources, §10 for the examples.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rapidfuzz import fuzz, process
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from nlu import conversation_examples
from nlu.topics import (
    CRISIS,
    DANGER_ANSWERS,
    FALLBACK_INTENT,
    OUT_OF_SCOPE,
    RETRIEVAL_INTENTS,
    SITUATIONS,
    START_INTENTS,
    STEERING,
    TOPICS,
    base_intent_of,
    intent_of,
)
from steunwijzer import examples
from steunwijzer.answers import Answer, Answers, ContentError
from steunwijzer.examples import Example, bare, comparable
from steunwijzer.settings import PROJECT_ROOT

MOST_WORDS = 90
LONGEST_SENTENCE = 22
AVERAGE_SENTENCE = 14.0
LONGEST_TITLE = 45
FRESH = timedelta(days=365)
ENOUGH_EXAMPLES = 60
ENOUGH_EXAMPLES_OF = {CRISIS: 120, OUT_OF_SCOPE: 400}

# A structure may be used three times.
SAME_STRUCTURE = 3
# Messages this alike (rapidfuzz, 0–100, order of words ignored) share their structure …
NEAR_DUPLICATE = 90.0
# … as do messages with the same first four words of which the rest is this alike.
SAME_REST = 60.0
_OPENING = 4
# Shorter messages ("dank je wel") have too few words to vary.
_SHORTEST = 4
# A reworded message of a measuring file is no fair measurement; below this many words likeness says nothing.
_REWORDED = 92.0
_REWORDED_WORDS = 6

_ANSWERED = (*TOPICS, *SITUATIONS, *DANGER_ANSWERS)
# These topics only steer the conversation; all others make claims and need a source.
_DIALOGUE_AREAS = ("dialoog/", "bot/", "vervolg/", "coach/")
_DIALOGUE = frozenset(
    {"preventie/stappenplan", "werkafspraken/opstellen", "opvolging/checkin", "opvolging/rapport", "regio/zoeken", "situatie/mail"}
)

_DIAGNOSIS = re.compile(
    r"\b(?:autis\w*|asperger\w*|pdd-?nos|ass|adhd|add|depress\w+|burn-?\s?out\w*|overspannen|bipolair\w*|manisch\w*|manie|borderline\w*|\w*stoornis\w*"
    r"|psychose\w*|psychotisch\w*|schizo\w+|ptss|posttraumatisch\w*|trauma\w*|fobie\w*|ocd|anorexia\w*|boulimia\w*|verslav\w*|verslaafd\w*|alcoholis\w*"
    r"|dyslexie|dyslectisch|dyscalculie|narcis\w+|dementie|hoogsensitief|hsp|tourette\w*)\b",
    re.IGNORECASE,
)
_FORMAL = re.compile(r"\b(?:u|uw)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.?!])[\"'”’)*]*\s+")
_WORD = re.compile(r"[^\W_]+(?:['’.,/@-][^\W_]+)*", re.UNICODE)
_TOPIC_LINE = re.compile(r"^  ([a-z_]+/[a-z_]+):\s*$")


def check(root: Path = PROJECT_ROOT, *, today: date | None = None) -> list[str]:
    """Every problem in the content under ``root``, as Dutch lines; an empty list when all is well."""
    return [*check_answers(root, today=today), *check_domain(root), *check_examples(root), *check_conversations(root)]


# --- what the assistant says ----------------------------------------------------------------------


def check_answers(root: Path, *, today: date | None = None) -> list[str]:
    """Answers: complete, sourced, dated, short, plain, without a diagnosis; titles and buttons."""
    folder = root / "data" / "answers"
    try:
        known = Answers(folder)
    except ContentError as problem:
        return [f"data/answers: {problem}"]
    where, problems = _places(folder)
    now = today or date.today()  # noqa: DTZ011  (a date in a content file has no time zone)
    for topic in _ANSWERED:
        if topic not in known:
            problems.append(f"data/answers/{topic.split('/')[0]}.yml, {topic}: er is geen antwoord. Schrijf er een.")
    for topic, answer in known.items():
        place = f"{where.get(topic, 'data/answers')}, {topic}"
        if topic not in _ANSWERED:
            problems.append(f"{place}: dit onderwerp bestaat niet in nlu/topics.py. Voeg het daar toe of haal dit antwoord weg.")
            continue
        problems += [f"{place}: {what}" for what in _answer_problems(answer, known, now)]
    problems += _double_titles(known, where)
    return problems


def _places(folder: Path) -> tuple[dict[str, str], list[str]]:
    """Where each topic's answer starts, and topics that are answered twice (YAML silently keeps the last)."""
    where: dict[str, str] = {}
    problems = []
    for path in sorted(folder.glob("*.yml")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            found = _TOPIC_LINE.match(line)
            if not found:
                continue
            topic, place = found.group(1), f"data/answers/{path.name}:{number}"
            if topic in where:
                problems.append(f"{place}, {topic}: dit onderwerp heeft al een antwoord ({where[topic]}). Laat er één staan.")
            elif path.stem != topic.split("/")[0]:
                problems.append(f"{place}, {topic}: dit antwoord hoort in {topic.split('/')[0]}.yml. Verplaats het.")
            where.setdefault(topic, place)
    return where, problems


def _answer_problems(answer: Answer, known: Answers, today: date) -> Iterator[str]:
    if not answer.text:
        yield "de tekst is leeg. Schrijf een antwoord."
    if len(answer.title) > LONGEST_TITLE:
        yield f"de titel heeft {len(answer.title)} tekens, hooguit {LONGEST_TITLE}. Maak hem korter."
    if not answer.sources and not (answer.topic in _DIALOGUE or answer.topic.startswith(_DIALOGUE_AREAS)):
        yield "er staat geen bron bij. Noem onder 'sources' de bron uit bronnen.yml."
    for source in answer.sources:
        if source.url and not source.url.startswith(("https://", "http://")):
            yield f"het adres van bron {source.key} is geen webadres. Verbeter het in bronnen.yml."
    if answer.checked > today:
        yield f"'checked' ligt in de toekomst ({answer.checked}). Vul de dag in waarop u het nakeek."
    elif today - answer.checked >= FRESH:
        yield f"nagekeken op {answer.checked}, een jaar of langer geleden. Kijk het na en zet de nieuwe datum bij 'checked'."
    for name, text in zip(("text", "more", "more2"), (answer.text, *answer.more), strict=False):
        yield from _style_problems(name, text)
    if answer.to_coach:
        yield from _style_problems("coach", answer.to_coach)
        if _FORMAL.search(answer.to_coach):
            yield "'coach' zegt u. Een coach is je en jij."
    for part in (answer.title, answer.text, *answer.more, answer.to_coach or "", *(source.title for source in answer.sources)):
        for word in sorted({match.group().lower() for match in _DIAGNOSIS.finditer(part)}):
            yield f"noemt '{word}'. De assistent noemt nooit een diagnose: zeg het in gedrag of in werk."
    yield from _button_problems(answer, known)


def _button_problems(answer: Answer, known: Answers) -> Iterator[str]:
    for following in answer.next:
        if following not in TOPICS:
            yield f"'next' noemt '{following}', dat bestaat niet in nlu/topics.py. Kies een bestaand onderwerp."
        elif following not in known:
            yield f"de knop naar {following} leidt nergens heen: dat onderwerp heeft geen antwoord. Schrijf het of kies een ander."
        elif following == answer.topic:
            yield "een knop leidt naar hetzelfde antwoord. Kies een ander onderwerp bij 'next'."
    if len(set(answer.next)) < len(answer.next):
        yield "'next' noemt een onderwerp twee keer. Haal er een weg."


def sentences(text: str) -> list[str]:
    """The sentences of an answer; a bullet starts a new one, a line that is only wrapped does not."""
    blocks: list[str] = []
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith("- ") or not blocks:
            blocks.append(stripped.removeprefix("- "))
        else:
            blocks[-1] = f"{blocks[-1]} {stripped}".strip()
    parts = (part for block in blocks for part in _SENTENCE_END.split(block.replace("**", "")))
    return [part for part in parts if _WORD.search(part)]


def _style_problems(name: str, text: str) -> Iterator[str]:
    total = len(_WORD.findall(text))
    if total > MOST_WORDS:
        yield f"'{name}' heeft {total} woorden, hooguit {MOST_WORDS}. Kort het in of zet een deel bij 'more'."
    lengths = []
    for sentence in sentences(text):
        lengths.append(length := len(_WORD.findall(sentence)))
        if length > LONGEST_SENTENCE:
            yield f"een zin in '{name}' heeft {length} woorden, hooguit {LONGEST_SENTENCE}: \"{_short(sentence)}\". Maak er twee van."
    if lengths and sum(lengths) / len(lengths) > AVERAGE_SENTENCE:
        average = f"{sum(lengths) / len(lengths):.1f}".replace(".", ",")
        yield f"de zinnen in '{name}' zijn gemiddeld {average} woorden lang, hooguit {AVERAGE_SENTENCE:.0f}. Maak kortere zinnen."
    if "!" in text:
        yield f"'{name}' heeft een uitroepteken. Zet er een punt."
    emoji = next((c for c in text if unicodedata.category(c) in ("So", "Sk", "Cs") and c not in "°©®`´^¨"), None)
    if emoji:
        yield f"'{name}' heeft een emoji ({emoji}). Haal die weg."


def _double_titles(known: Answers, where: Mapping[str, str]) -> list[str]:
    by_title: dict[str, list[str]] = defaultdict(list)
    for topic, answer in known.items():
        by_title[answer.title.casefold()].append(topic)
    return [
        f"{where.get(topics[1], 'data/answers')}, {topics[1]}: de titel \"{known[topics[1]].title}\" is ook die van {topics[0]}. "
        "Kies een andere."
        for topics in by_title.values()
        if len(topics) > 1
    ]


# --- what Rasa knows ------------------------------------------------------------------------------


def check_domain(root: Path) -> list[str]:
    """``domain.yml`` and the rules: an intent, a response with the right title and a rule for every topic."""
    domain = _yaml(root / "domain.yml")
    intents = {next(iter(row)) if isinstance(row, dict) else row for row in domain.get("intents") or []}
    expected = {base_intent_of(topic) for topic in TOPICS} | {FALLBACK_INTENT, *START_INTENTS.values()}
    problems = [f"domain.yml, intents: '{name}' ontbreekt. Voeg de regel '  - {name}' toe." for name in sorted(expected - intents)]
    problems += [
        f"domain.yml, intents: '{name}' hoort bij geen onderwerp in nlu/topics.py. Voeg het onderwerp daar toe of haal de regel weg."
        for name in sorted(intents - expected)
    ]
    problems += _response_problems(root, domain.get("responses") or {})
    handled = _intents_in_stories(root / "data" / "stories")
    problems += [
        f"data/stories: geen regel of verhaal begint met intent '{name}', dus een knop daarheen leidt nergens heen. Voeg een regel toe."
        for name in sorted(expected - handled)
    ]
    return problems


def _response_problems(root: Path, responses: Mapping[str, Any]) -> list[str]:
    try:
        known = Answers(root / "data" / "answers")
    except ContentError:
        return []  # said by check_answers
    problems = []
    wanted = {f"utter_{intent_of(topic)}": topic for topic in TOPICS}
    for name, topic in wanted.items():
        rows = responses.get(name)
        if not rows:
            problems.append(f"domain.yml, responses: '{name}' ontbreekt voor {topic}. Voeg hem toe met de titel van het antwoord.")
        elif topic in known and str(rows[0].get("text", "")).strip() != known[topic].title:
            problems.append(
                f"domain.yml, {name}: daar staat \"{_short(str(rows[0].get('text', '')))}\", de titel van het antwoord is "
                f'"{known[topic].title}". Maak ze gelijk.'
            )
    ours = tuple(f"utter_{intent}/" for intent in RETRIEVAL_INTENTS)
    steering = tuple(f"utter_{area}_" for area in {topic.split("/")[0] for topic in STEERING})
    for name in responses:
        if name not in wanted and name.startswith((*ours, *steering)):
            problems.append(f"domain.yml, responses: '{name}' hoort bij geen onderwerp. Haal hem weg of voeg het onderwerp toe.")
    return problems


def _intents_in_stories(folder: Path) -> set[str]:
    found: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("intent"), str):
                found.add(node["intent"].split("/")[0])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    for path in sorted(folder.rglob("*.yml")):
        walk(_yaml(path))
    return found


def _yaml(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as handle:
        content = yaml.load(handle, Loader=yaml.CSafeLoader)
    return content if isinstance(content, dict) else {}


# --- the examples ---------------------------------------------------------------------------------


def measuring_messages(root: Path = PROJECT_ROOT) -> dict[str, str]:
    """Messages to measure with, as :func:`comparable`, with the file (``tests/*.jsonl``) in which they stand: never to be trained on."""
    return _comparable_of(root, "tests/*.jsonl", lambda row: [row["text"]])


def _measured_conversations(root: Path) -> dict[str, str]:
    """As :func:`measuring_messages`, of the conversations in ``bench/conversations_*.jsonl``."""
    return _comparable_of(root, "bench/conversations_*.jsonl", lambda row: [turn["text"] for turn in row["turns"]])


def _comparable_of(root: Path, files: str, texts_of: Callable[[Any], list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(root.glob(files)):
        for line in filter(str.strip, path.read_text("utf-8").splitlines()):
            for text in texts_of(json.loads(line)):
                found.setdefault(comparable(str(text)), path.relative_to(root).as_posix())
    return found


def check_examples(root: Path) -> list[str]:
    """Examples: enough, in one topic only, varied, and none that is also measured with."""
    rows = examples.read(root / "data" / "nlu")
    problems = [
        f"data/nlu/{row.place}: '{row.intent}' is geen onderwerp van nlu/topics.py. Verbeter de naam."
        for row in {row.intent: row for row in reversed(rows)}.values()
        if row.topic is None
    ]
    by_topic: dict[str, list[Example]] = defaultdict(list)
    for row in rows:
        if row.topic is not None:
            by_topic[row.topic].append(row)
    for topic in TOPICS:
        enough, have = ENOUGH_EXAMPLES_OF.get(topic, ENOUGH_EXAMPLES), len({comparable(row.text) for row in by_topic[topic]})
        if have < enough:
            problems.append(f"data/nlu, {topic}: {have} verschillende voorbeelden, ten minste {enough}. Schrijf er {enough - have} bij.")
    problems += _doubles(rows)
    problems += _measured_with(rows, measuring_messages(root))
    places = _place_names(root)
    for topic in TOPICS:
        problems += _structures(topic, by_topic[topic], places)
    return problems


def _doubles(rows: Sequence[Example]) -> list[str]:
    first: dict[str, Example] = {}
    problems = []
    for row in rows:
        earlier = first.setdefault(comparable(row.text), row)
        if earlier is row:
            continue
        if earlier.topic == row.topic:
            problems.append(f"data/nlu/{row.place}, {row.topic}: \"{_short(row.text)}\" staat er al ({earlier.place}). Haal er een weg.")
        else:
            problems.append(
                f'data/nlu/{row.place}, {row.topic}: "{_short(row.text)}" staat ook bij {earlier.topic} ({earlier.place}). '
                "Kies het onderwerp waar het hoort en haal het andere weg."
            )
    return problems


def _measured_with(rows: Sequence[Example], measuring: Mapping[str, str]) -> list[str]:
    problems = []
    mine = [comparable(row.text) for row in rows]
    for row, key in zip(rows, mine, strict=True):
        if key in measuring:
            problems.append(
                f'data/nlu/{row.place}, {row.topic}: "{_short(row.text)}" staat ook in {measuring[key]}, waarmee gemeten wordt. '
                "Haal het hier weg."
            )
    for index, key in _reworded(mine, measuring):
        row = rows[index]
        problems.append(
            f'data/nlu/{row.place}, {row.topic}: "{_short(row.text)}" is bijna gelijk aan een bericht in {measuring[key]}, '
            "waarmee gemeten wordt. Haal het hier weg."
        )
    return problems


def _reworded(mine: Sequence[str], measuring: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Which of ``mine`` (:func:`comparable`) nearly equals which longer message that is measured with."""
    long = [index for index, key in enumerate(mine) if len(key.split()) >= _REWORDED_WORDS and key not in measuring]
    theirs = [key for key in measuring if len(key.split()) >= _REWORDED_WORDS]
    if long and theirs:
        likeness = process.cdist([mine[i] for i in long], theirs, scorer=fuzz.ratio, score_cutoff=_REWORDED)
        for row, column in zip(*np.nonzero(likeness), strict=True):
            yield long[row], theirs[column]


def check_conversations(root: Path) -> list[str]:
    """Example conversations: usable, and none with a longer message that is also measured with."""
    try:
        told = conversation_examples.read(root / "data" / "conversations")
    except ValueError as problem:
        return [f"data/conversations/{problem}"]
    measuring = {**_measured_conversations(root), **measuring_messages(root)}
    texts = [said.text for conversation in told for said in conversation]
    mine = [comparable(text) for text in texts]
    same = [(index, key) for index, key in enumerate(mine) if key in measuring and len(key.split()) >= _REWORDED_WORDS]
    return [
        f'data/conversations: "{_short(texts[index])}" is (bijna) gelijk aan een bericht in {measuring[key]}, waarmee gemeten wordt. '
        "Haal dat gesprek hier weg."
        for index, key in (*same, *_reworded(mine, measuring))
    ]


def _place_names(root: Path) -> frozenset[str]:
    """Names of places of one word: a message about another town has the same structure."""
    folder = root / "data" / "regions"
    common = folder / "common_words.txt"
    ordinary = set(common.read_text("utf-8").split()) if common.exists() else set()
    names: set[str] = set()
    for file in ("woonplaatsen.csv", "gemeenten.csv"):
        if (folder / file).exists():
            lines = (folder / file).read_text("utf-8").splitlines()
            column = lines[0].split(",").index("name")
            names |= {bare(line.split(",")[column]) for line in lines[1:]}
    return frozenset(name for name in names if " " not in name and len(name) > 2 and name not in ordinary)


def _skeleton(text: str, places: frozenset[str]) -> str:
    return " ".join("PLAATS" if word in places else word for word in bare(text).split())


def _structures(topic: str, rows: Sequence[Example], places: frozenset[str]) -> Iterator[str]:
    """Groups of more than three messages of one topic that share a structure.

    Two messages share it when their words are nearly the same in any order, or when they open with the same four words and go on
    alike. Names of places and digits count as equal. Whoever is linked to a member belongs to the group.
    """
    kept = [(row, skeleton) for row, skeleton in ((row, _skeleton(row.text, places)) for row in rows) if len(skeleton.split()) >= _SHORTEST]
    if len(kept) <= SAME_STRUCTURE:
        return
    texts = [skeleton for _, skeleton in kept]
    in_order = [" ".join(sorted(text.split())) for text in texts]  # what fuzz.token_sort_ratio does for every pair: 25 times as slow
    linked = process.cdist(in_order, in_order, scorer=fuzz.ratio, score_cutoff=NEAR_DUPLICATE) > 0
    openings: dict[str, list[int]] = defaultdict(list)
    for index, text in enumerate(texts):
        openings[" ".join(text.split()[:_OPENING])].append(index)
    for members in openings.values():
        if len(members) > SAME_STRUCTURE:
            rests = [" ".join(texts[index].split()[_OPENING:]) for index in members]
            alike = process.cdist(rests, rests, scorer=fuzz.ratio, score_cutoff=SAME_REST) > 0
            linked[np.ix_(members, members)] |= alike
    _, group_of = connected_components(coo_matrix(linked), directed=False)
    for group, size in zip(*np.unique(group_of, return_counts=True), strict=True):
        if size > SAME_STRUCTURE:
            alike_rows = [kept[index][0] for index in np.flatnonzero(group_of == group)]
            places_of = _listed(row.place for row in alike_rows)
            yield (
                f'data/nlu/{alike_rows[0].place}, {topic}: {size} voorbeelden hebben dezelfde bouw als "{_short(alike_rows[0].text)}" '
                f"({places_of}). Laat er hooguit {SAME_STRUCTURE} staan of schrijf ze anders."
            )


def _listed(places: Iterable[str]) -> str:
    shown = list(places)
    return ", ".join(shown[:6]) + (f" en nog {len(shown) - 6}" if len(shown) > 6 else "")


def _short(text: str, length: int = 60) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


