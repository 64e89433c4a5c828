"""Measuring: the figures by hand, the page, and the comparison with last time."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from steunwijzer import evaluation
from steunwijzer.evaluation import EvaluationError, Judged, measure, moved, page, publish, read_messages, say, wilson


def judged(topic: str | None, said: str | None, confidence: float = 0.9, answered: bool = True, text: str = "bericht") -> Judged:
    return Judged("1", text, topic, said, confidence, answered)


ROWS = [
    judged("faalangst/omgaan", "faalangst/omgaan"),
    judged("faalangst/omgaan", "faalangst/gesprek", 0.8, text="<b>hoe breng ik het</b>"),
    judged("faalangst/gesprek", "faalangst/gesprek"),
    judged("regio/zoeken", "grens/buiten_bereik", 0.55),
    judged("grens/buiten_bereik", "grens/buiten_bereik"),
    judged("grens/buiten_bereik", "regio/zoeken", 0.2, answered=False),
    judged("grens/crisis", "grens/crisis", 1.0),
    judged(None, "grens/crisis", 0.9),
    judged(None, "dialoog/ja"),
    replace(judged(None, "dialoog/nee"), worried=True),
]


def test_the_wilson_interval_is_the_published_one() -> None:
    # Newcombe, Statistics in Medicine 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29
    for hits, total, low, high in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]:
        found = wilson(hits, total)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert wilson(0, 0).total == 0


def test_a_missed_crisis_with_the_numbers_above_the_answer_counts_apart() -> None:
    report = measure([replace(judged("grens/crisis", "dialoog/nee"), worried=True)], data="proef.jsonl", model="m")
    assert (report.crisis_recall.hits, report.crisis_numbers.hits) == (0, 1)


def test_the_figures_are_those_counted_by_hand() -> None:
    report = measure(ROWS, data="proef.jsonl", model="m")
    counted = {name: (getattr(report, name).hits, getattr(report, name).total) for name, _ in evaluation.HEADLINES}
    assert counted == {
        "topic_accuracy": (4, 7),
        "area_accuracy": (5, 7),
        "answered": (6, 7),
        "right_when_answered": (4, 6),
        "out_of_scope_recall": (1, 2),
        "refused": (1, 4),
        "crisis_recall": (1, 1),
        "crisis_numbers": (1, 1),
        "crisis_false_alarms": (1, 9),
        "needless_numbers": (2, 9),
    }
    scores = {score.topic: score for score in report.topics}
    assert set(scores) == {"faalangst/omgaan", "faalangst/gesprek", "regio/zoeken", "grens/buiten_bereik", "grens/crisis"}
    gesprek = scores["faalangst/gesprek"]
    assert (gesprek.support, gesprek.precision.share, gesprek.recall.share) == (1, 0.5, 1.0)
    assert gesprek.f1 == pytest.approx(2 / 3)
    assert report.confused[0] == ("faalangst/omgaan", "faalangst/gesprek", 1)
    assert [miss.confidence for miss in report.misses] == [0.8, 0.55, 0.2]
    bins = {round(one.low, 1): one for one in report.bins}
    assert set(bins) == {0.2, 0.5, 0.8, 0.9}
    assert (bins[0.9].right.hits, bins[0.9].right.total) == (4, 4)
    # |0,2-0|·1 + |0,55-0|·1 + |0,8-0|·1 + |0,925-1|·4, over 7
    assert report.calibration_error == pytest.approx((0.2 + 0.55 + 0.8 + 0.3) / 7)


class _Page(HTMLParser):
    """What a page loads, its language, and which table headers lack a scope."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.lang: str | None = None
        self.without_scope = 0
        self.ids: set[str] = set()
        self.targets: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.lang = found.get("lang") if tag == "html" else self.lang
        self.loaded += [str(found[key]) for key in ("src", "data") if found.get(key)]
        self.loaded += [str(found["href"])] if tag == "link" else []
        self.without_scope += tag == "th" and "scope" not in found
        self.ids |= {str(found["id"])} if "id" in found else set()
        self.targets |= {str(found["href"]).removeprefix("#")} if tag == "a" else set()


def test_the_page_stands_on_its_own_and_shows_text_as_text() -> None:
    html = page(measure(ROWS, data="proef.jsonl", model="m"))
    read = _Page(html)
    assert (read.lang, read.loaded, read.without_scope) == ("nl", [], 0)
    assert read.targets <= read.ids
    assert "&lt;b&gt;hoe breng ik het&lt;/b&gt;" in html
    assert "<b>hoe" not in html
    assert "57,1 % (25,0–84,2 %; 4 van 7)" in html


def test_a_second_measurement_says_what_became_better_and_worse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = measure(ROWS, data="proef.jsonl", model="eerste")
    assert publish(first, tmp_path) is None
    better = [judged("faalangst/omgaan", "faalangst/omgaan"), *ROWS[2:5], judged("grens/buiten_bereik", "regio/zoeken")]
    second = measure([ROWS[0], *better], data="proef.jsonl", model="tweede")
    # another file is not compared with this one
    assert publish(measure(ROWS[:2], data="anders.jsonl", model="tweede"), tmp_path) is None
    earlier = publish(second, tmp_path)
    assert earlier is not None
    assert earlier["model"] == "eerste"
    changes = {topic: now > before for topic, before, now in moved(second, earlier)}
    assert changes == {"faalangst/omgaan": True, "faalangst/gesprek": True}
    assert json.loads((tmp_path / "evaluation.json").read_text("utf-8"))["model"] == "tweede"
    assert "Vorige meting: model eerste" in (tmp_path / "evaluation.html").read_text("utf-8")
    say(second, earlier, tmp_path)
    said = " ".join(capsys.readouterr().out.split())
    assert "Beter dan vorige keer (F1): faalangst/gesprek" in said or "Beter dan vorige keer (F1): faalangst/omgaan" in said
    assert "Slechter" not in said
    assert "evaluation.html" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("geen json\n", "regel 1: geen JSON"),
        ('{"text": "hallo", "topic": "dialoog/groet"}\n{"id": 2}\n', "regel 2: geen JSON"),
        ('{"text": "hallo", "topic": "dialoog/hoi"}\n', "regel 1: 'dialoog/hoi' is geen onderwerp"),
        ("\n", "geen enkel bericht"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "proef.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(EvaluationError, match=said):
        read_messages(path)
    with pytest.raises(EvaluationError, match="bestaat niet"):
        read_messages(tmp_path / "weg.jsonl")


def test_files_that_only_know_whether_it_is_a_crisis_can_be_measured(tmp_path: Path) -> None:
    path = tmp_path / "crisis.jsonl"
    path.write_text('{"id": "c1", "text": "help", "crisis": true}\n{"text": "ik lach me dood", "crisis": false}\n', "utf-8")
    assert [(row["id"], row["topic"]) for row in read_messages(path)] == [("c1", "grens/crisis"), ("2", None)]
