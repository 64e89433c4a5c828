"""From a conversation that went wrong to a training example, on a real database and real files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import time_machine
from typer.testing import CliRunner

from steunwijzer import conversations, examples, review
from steunwijzer.cli import app
from steunwijzer.settings import PROJECT_ROOT

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
TITLE = "Wat kan ik doen bij faalangst?"
TOPIC_BUTTON = {"title": TITLE, "value": TITLE, "choice": {"topic": "faalangst/omgaan"}}
COACH = {"title": "Spreek een coach", "value": "Ik wil een coach spreken", "choice": {"topic": "coach/spreken"}}
CHOICES = {"text": "Gaat het hierover?", "offered_choices": True, "buttons": [TOPIC_BUTTON, COACH]}
ANSWER = {"text": "Begin klein.", "topic": "faalangst/omgaan"}


@pytest.fixture
def nlu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of two files of examples that the commands write to."""
    folder = tmp_path / "data" / "nlu"
    folder.mkdir(parents=True)
    for name in ("faalangst.yml", "concentratie.yml"):
        shutil.copy(PROJECT_ROOT / "data" / "nlu" / name, folder)
    for function in (examples.read, examples.add, review.unclear):
        monkeypatch.setitem(function.__kwdefaults__ or {}, "folder", folder)
    monkeypatch.setattr(examples.read, "__defaults__", (folder,))
    monkeypatch.setattr("steunwijzer.cli_review.PROJECT_ROOT", tmp_path)
    return folder


class Visitor:
    """One conversation, a minute per message."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock
        self.id = conversations.start().id

    def says(self, text: str, answer: dict[str, Any]) -> int:
        """A message with its answer; gives the number of the answer."""
        own = conversations.append(self.id, "user", {"text": text})
        self._clock.shift(60)
        return conversations.append(self.id, "assistant", answer, reply_to=own.seq).seq


@pytest.fixture
def visitor(any_database: str) -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield lambda: Visitor(clock)


def test_misses_and_thumbs_down_are_found_newest_first(visitor: Callable[[], Visitor]) -> None:
    one, two = visitor(), visitor()
    one.says("hoe help ik hem", ANSWER)
    one.says("mail jan@voorbeeld.nl over zn gedoe", CHOICES)
    disliked = two.says("ze doet maar wat", ANSWER)
    conversations.feedback(two.id, disliked, "down", "gaat over iets anders, bel 06-12345678")
    liked = two.says("dank", {"text": "Graag gedaan."})
    conversations.feedback(two.id, liked, "up")
    found = review.unclear()
    assert [(m.text, m.why, m.topics, m.reason) for m in found] == [
        ("ze doet maar wat", "thumb down", ("faalangst/omgaan",), "gaat over iets anders, bel [telefoonnummer]"),
        ("mail [e-mailadres] over zn gedoe", "not understood", ("faalangst/omgaan",), None),
    ]
    assert review.asked_in_all() == 4


def test_pressed_buttons_old_messages_and_known_examples_are_left_out(visitor: Callable[[], Visitor], tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text("nlu:\n- intent: dialoog_ja\n  examples: |\n    - da's goed\n", "utf-8")
    one = visitor()
    one.says("blub", CHOICES)
    one.says("wat kan ik doen bij faalangst", CHOICES)
    one.says("Da's goed!", CHOICES)
    assert [message.text for message in review.unclear(folder=tmp_path)] == ["blub"]
    with time_machine.travel(NOON + timedelta(days=31)):
        assert review.unclear(folder=tmp_path) == []
        assert len(review.unclear(days=60, folder=tmp_path)) == 1


def test_alike_messages_stand_together_and_equal_ones_once() -> None:
    def message(text: str, minute: int) -> review.Unclear:
        return review.Unclear(text, NOON + timedelta(minutes=minute), "not understood")

    groups = review.grouped(
        [
            message("hoe zit dat met die werkbonnen", 1),
            message("mag de hond mee", 2),
            message("Hoe zit dat met die werkbonnen?", 3),
            message("die werkbonnen, hoe zit dat", 4),
        ]
    )
    assert [[(q.newest.text, q.times) for q in group] for group in groups] == [
        [("die werkbonnen, hoe zit dat", 1), ("Hoe zit dat met die werkbonnen?", 2)],
        [("mag de hond mee", 1)],
    ]


def run(*arguments: str, typed: str = "") -> Any:
    return CliRunner().invoke(app, ["review", *arguments], input=typed)


@pytest.fixture
def two_misses(database: str) -> None:
    conversation = conversations.start().id
    for text in ("die werkbonnen van hem raken altijd kwijt hoor", "die bezorger van ons zit bij de buren te snikken"):
        own = conversations.append(conversation, "user", {"text": text})
        conversations.append(conversation, "assistant", CHOICES, reply_to=own.seq)


def test_the_list_numbers_what_can_be_picked(two_misses: None, nlu: Path) -> None:
    shown = run()
    assert shown.exit_code == 0, shown.output
    assert "2 berichten van bezoekers" in shown.output
    assert "   1. die bezorger van ons zit bij de buren te snikken" in shown.output
    assert "   2. die werkbonnen van hem raken altijd kwijt hoor" in shown.output
    assert "niet begrepen · keuzes: faalangst/omgaan" in shown.output


def test_a_picked_message_becomes_an_example_and_leaves_the_list(two_misses: None, nlu: Path) -> None:
    done = run("--pick", "2", "--topic", "concentratie/omgaan")
    assert done.exit_code == 0, done.output
    assert "Toegevoegd aan data/nlu/concentratie.yml" in done.output
    added = [row for row in examples.read(nlu) if row.text == "die werkbonnen van hem raken altijd kwijt hoor"]
    assert [row.topic for row in added] == ["concentratie/omgaan"]
    assert "werkbonnen" not in run().output
    reworded = run("--pick", "1", "--topic", "faalangst/escalatie", "--text", "onze collega zit bij de buren te snikken")
    assert "onze collega zit bij de buren te snikken" in reworded.output
    assert not any("die bezorger" in row.text for row in examples.read(nlu))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--pick", "9", "--topic", "dialoog/ja"), "Bericht 9 bestaat niet"),
        (("--pick", "1"), "Geef ook --topic"),
        (("--pick", "1", "--topic", "dialoog/misschien"), "geen onderwerp"),
        (("--topic", "dialoog/ja"), "Geef met --pick het nummer"),
    ],
)
def test_a_wrong_choice_says_what_to_do(two_misses: None, nlu: Path, arguments: tuple[str, ...], said: str) -> None:
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert said in refused.output


def test_walking_along_adds_what_is_chosen(two_misses: None, nlu: Path) -> None:
    # first message: an unknown topic, then the suggested one with another text; second message: skipped
    walked = run("--add", typed="faalangst/omgan\n1\nonze collega zit te snikken bij de buren\n\n")
    assert walked.exit_code == 0, walked.output
    assert "'faalangst/omgan' is geen onderwerp. Bedoel je faalangst/omgaan" in walked.output
    assert "1 voorbeeld toegevoegd." in walked.output
    assert "onze collega zit te snikken bij de buren" in [row.text for row in examples.read(nlu) if row.topic == "faalangst/omgaan"]


def test_nothing_to_review_is_said(database: str, nlu: Path) -> None:
    assert "Niets na te kijken" in run().output
