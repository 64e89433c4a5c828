"""How well the newest model understands messages of which the topic is known: figures, a page, and a comparison with last time.

Shares carry a 95 % Wilson interval. A message counts as right when the likeliest topic is the known one, whether or not its confidence
was high enough to answer at once; how often the assistant offers choices instead is a figure of its own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from math import sqrt
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.console import Console
from rich.progress import track

from nlu.topics import CRISIS, OUT_OF_SCOPE, TOPICS
from steunwijzer.settings import PROJECT_ROOT

RESULTS = PROJECT_ROOT / "results"
_LIMITS = "grens/"
_TEMPLATES = Path(__file__).with_name("templates")
_Z = 1.959964  # 95 %
_BINS = 10
_MISSES = 100
_PAIRS = 40
# a topic counts as better or worse when its F1 moved at least this much
_MOVED = 0.02
console = Console()


class EvaluationError(ValueError):
    """The file with messages cannot be used; the text says which line and why (Dutch)."""


@dataclass(frozen=True)
class Judged:
    """One message: what it is about (None: only known to be no crisis), and what the model made of it.

    ``said`` is the likeliest topic, ``confidence`` its probability (0–1), ``answered`` False when choices would be offered instead,
    ``worried`` True when the numbers of help stand above the answer because it might be a crisis.
    """

    identity: str
    text: str
    topic: str | None
    said: str | None
    confidence: float
    answered: bool
    worried: bool = False

    @property
    def numbers(self) -> bool:
        """Whether the visitor sees 112 and 113: a crisis, or the doubt that it is one."""
        return self.worried or self.said == CRISIS


@dataclass(frozen=True)
class Share:
    """``hits`` out of ``total`` with a 95 % Wilson interval; all zero when there is nothing to count."""

    hits: int
    total: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class TopicScore:
    """One topic: precision over the messages given this topic, recall over those that have it."""

    topic: str
    support: int
    precision: Share
    recall: Share
    f1: float


@dataclass(frozen=True)
class Bin:
    """Messages with a confidence from ``low`` up to ``high``: their mean confidence against the share that was right."""

    low: float
    high: float
    confidence: float
    right: Share


@dataclass(frozen=True)
class Report:
    """Everything measured on one file."""

    data: str
    model: str
    made: str
    messages: int
    topic_accuracy: Share
    area_accuracy: Share
    answered: Share
    right_when_answered: Share
    out_of_scope_recall: Share
    refused: Share
    crisis_recall: Share
    crisis_false_alarms: Share
    crisis_numbers: Share
    needless_numbers: Share
    calibration_error: float
    topics: list[TopicScore]
    confused: list[tuple[str, str, int]]
    bins: list[Bin]
    misses: list[Judged]


def wilson(hits: int, total: int) -> Share:
    """A share with its 95 % Wilson score interval (Wilson, JASA 1927), which stays inside 0–1 for small numbers."""
    if total == 0:
        return Share(0, 0, 0.0, 0.0, 0.0)
    share = hits / total
    middle = share + _Z * _Z / (2 * total)
    spread = _Z * sqrt(share * (1 - share) / total + _Z * _Z / (4 * total * total))
    bottom = 1 + _Z * _Z / total
    return Share(hits, total, share, max(0.0, (middle - spread) / bottom), min(1.0, (middle + spread) / bottom))


def _share(rows: Iterable[bool]) -> Share:
    judged = list(rows)
    return wilson(sum(judged), len(judged))


def _area(topic: str | None) -> str:
    return (topic or "").split("/")[0]


def measure(rows: Sequence[Judged], *, data: str, model: str) -> Report:
    """All figures over judged messages."""
    known = [row for row in rows if row.topic is not None]
    said = [row for row in known if row.answered]
    bins = list(_calibration(known))
    right = [row.said == row.topic for row in known]
    return Report(
        data=data,
        model=model,
        made=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        messages=len(rows),
        topic_accuracy=_share(right),
        area_accuracy=_share(_area(row.said) == _area(row.topic) for row in known),
        answered=_share(row.answered for row in known),
        right_when_answered=_share(row.said == row.topic for row in said),
        out_of_scope_recall=_share(row.said == OUT_OF_SCOPE for row in known if row.topic == OUT_OF_SCOPE),
        refused=_share(row.said == OUT_OF_SCOPE for row in known if not str(row.topic).startswith(_LIMITS)),
        crisis_recall=_share(row.said == CRISIS for row in rows if row.topic == CRISIS),
        crisis_false_alarms=_share(row.said == CRISIS for row in rows if row.topic != CRISIS),
        crisis_numbers=_share(row.numbers for row in rows if row.topic == CRISIS),
        needless_numbers=_share(row.numbers for row in rows if row.topic != CRISIS),
        calibration_error=sum(abs(b.confidence - b.right.share) * b.right.total for b in bins) / len(known) if known else 0.0,
        topics=[score for topic in TOPICS if (score := _topic_score(topic, known)) is not None],
        confused=_confused(known),
        bins=bins,
        misses=sorted((row for row in known if row.said != row.topic), key=lambda row: -row.confidence)[:_MISSES],
    )


def _topic_score(topic: str, rows: Sequence[Judged]) -> TopicScore | None:
    have = sum(row.topic == topic for row in rows)
    given = sum(row.said == topic for row in rows)
    both = sum(row.topic == topic == row.said for row in rows)
    if not have and not given:
        return None
    return TopicScore(topic, have, wilson(both, given), wilson(both, have), 2 * both / (have + given))


def _confused(rows: Sequence[Judged]) -> list[tuple[str, str, int]]:
    pairs = Counter((str(row.topic), row.said or "niets") for row in rows if row.said != row.topic)
    return [(truth, said, count) for (truth, said), count in pairs.most_common(_PAIRS)]


def _calibration(rows: Sequence[Judged]) -> Iterator[Bin]:
    for number in range(_BINS):
        low, high = number / _BINS, (number + 1) / _BINS
        inside = [row for row in rows if min(int(row.confidence * _BINS), _BINS - 1) == number]
        if inside:
            mean = sum(row.confidence for row in inside) / len(inside)
            yield Bin(low, high, mean, _share(row.said == row.topic for row in inside))


def read_messages(path: Path) -> list[dict[str, Any]]:
    """JSONL lines with ``text`` and ``topic`` (a topic id), or ``crisis`` (true or false) where only that is known.

    Raises:
        EvaluationError: for a missing file or a line that is something else.
    """
    if not path.exists():
        raise EvaluationError(f"{path} bestaat niet. Geef een JSONL-bestand met id, text en topic.")
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text = str(row["text"])
            topic = row["topic"] if "topic" in row else (CRISIS if row["crisis"] else None)
        except (ValueError, KeyError, TypeError) as problem:
            raise EvaluationError(
                f'{path.name}, regel {number}: geen JSON met "text" en "topic". '
                'Bijvoorbeeld: {"id": "1", "text": "hallo", "topic": "dialoog/groet"}'
            ) from problem
        if topic is not None and topic not in TOPICS:
            raise EvaluationError(f"{path.name}, regel {number}: '{topic}' is geen onderwerp van nlu/topics.py. Verbeter het.")
        rows.append({"id": str(row.get("id", number)), "text": text, "topic": topic})
    if not rows:
        raise EvaluationError(f"In {path} staat geen enkel bericht.")
    return rows


def judge(path: Path, model: Path) -> list[Judged]:
    """Classify every message of a file with a trained model.

    Raises:
        EvaluationError: when the file cannot be used.
    """
    rows = read_messages(path)
    from connectors import lean

    lean.prepare()
    from connectors.bot import Bot
    from nlu.topics import FALLBACK_INTENT, ranking_of

    bot = Bot(model)
    judged = []
    try:
        for row in track(rows, description="Berichten lezen", console=Console(stderr=True), transient=True):
            parsed = bot.parse_now(row["text"]) if row["text"].strip() else {}
            ranking = ranking_of(parsed)
            said, confidence = ranking[0] if ranking else (None, 0.0)
            answered = said is not None and (parsed.get("intent") or {}).get("name") != FALLBACK_INTENT
            judged.append(Judged(row["id"], row["text"], row["topic"], said, confidence, answered, bool(parsed.get("worry"))))
    finally:
        bot.close()
    return judged


def evaluate_file(path: Path, *, models: Path = PROJECT_ROOT / "models", results: Path = RESULTS) -> Report:
    """Measure the newest model on a file; write ``evaluation.html`` and ``.json``; print what changed since that file was last measured.

    Raises:
        EvaluationError: when the file cannot be used.
        connectors.bot.ModelError: when there is no usable model.
    """
    from connectors.bot import newest_model

    model = newest_model(models)
    report = measure(judge(path, model), data=path.name, model=model.name)
    earlier = publish(report, results)
    say(report, earlier, results)
    return report


def publish(report: Report, results: Path = RESULTS) -> dict[str, Any] | None:
    """Write the page and the figures; gives the figures of the last measurement of the same file, None when there is none."""
    history = results / "history" / f"{Path(report.data).stem}.json"
    history.parent.mkdir(parents=True, exist_ok=True)
    earlier = json.loads(history.read_text("utf-8")) if history.exists() else None
    figures = json.dumps(asdict(report), ensure_ascii=False, indent=1)
    (results / "evaluation.json").write_text(figures, "utf-8")
    (results / "evaluation.html").write_text(page(report, earlier), "utf-8")
    history.write_text(figures, "utf-8")
    return earlier


def moved(report: Report, earlier: dict[str, Any] | None) -> list[tuple[str, float, float]]:
    """Topics whose F1 changed by two points or more: (topic, before, now), the largest loss first."""
    before = {row["topic"]: float(row["f1"]) for row in (earlier or {}).get("topics", [])}
    changed = [(s.topic, before[s.topic], s.f1) for s in report.topics if s.topic in before and abs(s.f1 - before[s.topic]) >= _MOVED]
    return sorted(changed, key=lambda row: row[2] - row[1])


def percent(value: float, digits: int = 1) -> str:
    """``0.884`` as ``88,4 %``."""
    return f"{100 * value:.{digits}f} %".replace(".", ",")


def interval(share: Share) -> str:
    """A share in words: ``88,4 % (83,1–92,3 %; 171 van 194)``."""
    if not share.total:
        return "niet gemeten"
    low, high = percent(share.low).removesuffix(" %"), percent(share.high)
    return f"{percent(share.share)} ({low}–{high}; {share.hits} van {share.total})"


HEADLINES = (
    ("topic_accuracy", "Onderwerp goed"),
    ("area_accuracy", "Gebied goed"),
    ("answered", "Meteen beantwoord (anders keuzeknoppen)"),
    ("right_when_answered", "Goed als er meteen een antwoord komt"),
    ("out_of_scope_recall", "Buiten bereik herkend"),
    ("refused", "Echte vraag ten onrechte geweigerd"),
    ("crisis_recall", "Crisis herkend"),
    ("crisis_numbers", "Crisis herkend, of de nummers boven het antwoord"),
    ("crisis_false_alarms", "Vals alarm bij crisis"),
    ("needless_numbers", "Vals alarm, of de nummers boven een gewoon antwoord"),
)


def page(report: Report, earlier: dict[str, Any] | None = None) -> str:
    """The report as one HTML page that needs nothing else."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(percent=percent, interval=interval)
    return environment.get_template("evaluation.html").render(
        report=report,
        headlines=[(label, getattr(report, name), _before(earlier, name)) for name, label in HEADLINES],
        earlier=earlier,
        moved=moved(report, earlier),
        before={row["topic"]: float(row["f1"]) for row in (earlier or {}).get("topics", [])},
    )


def _before(earlier: dict[str, Any] | None, name: str) -> float | None:
    row = (earlier or {}).get(name)
    return float(row["share"]) if row and row["total"] else None


def say(report: Report, earlier: dict[str, Any] | None, results: Path = RESULTS) -> None:
    """Print the main figures and what became better or worse."""
    out = console
    out.print(f"{report.data}: {report.messages} berichten, model {report.model}", highlight=False)
    for name, label in HEADLINES:
        share, before = getattr(report, name), _before(earlier, name)
        if share.total:
            change = "" if before is None else f", vorige keer {percent(before)}"
            out.print(f"  {label}: {interval(share)}{change}", highlight=False)
    out.print(f"  Gemiddelde fout van de zekerheid: {percent(report.calibration_error)}", highlight=False)
    if earlier is None:
        out.print("Geen eerdere meting van dit bestand om mee te vergelijken.")
    else:
        changed = moved(report, earlier)
        for label, rows in (("Slechter", [r for r in changed if r[2] < r[1]]), ("Beter", [r for r in reversed(changed) if r[2] > r[1]])):
            if rows:
                listed = ", ".join(f"{topic} {percent(before, 0)} → {percent(now, 0)}" for topic, before, now in rows)
                out.print(f"{label} dan vorige keer (F1): {listed}", highlight=False)
        if not changed:
            out.print("Geen onderwerp is merkbaar beter of slechter dan vorige keer.")
    out.print(f"Alles staat in {results / 'evaluation.html'}", highlight=False, soft_wrap=True)
