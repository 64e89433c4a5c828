"""Example conversations in YAML, and what is said when one of them cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.conversation_examples import Said, read, turns_of
from steunwijzer.settings import PROJECT_ROOT

_GOOD = """conversations:
- - text: hij is ziek
    topics: [preventie/ziekmelding]
  - text: "ok: bedankt"
    topics: [dialoog/dank]
  - text: wie betaalt dat
    topics: [regeling/no_riskpolis, preventie/ziekmelding]
"""


def test_a_conversation_gives_its_later_messages_after_the_last_answer_with_a_subject(tmp_path: Path) -> None:
    (tmp_path / "een.yml").write_text(_GOOD, "utf-8")
    (told,) = read(tmp_path)
    assert told[1] == Said("ok: bedankt", ("dialoog/dank",))
    turns = list(turns_of(told))
    assert [turn.text for turn in turns] == ["ok: bedankt", "wie betaalt dat"]
    assert {turn.last_topic for turn in turns} == {"preventie/ziekmelding"}
    assert turns[1].readings == ("wie betaalt dat", "ok: bedankt wie betaalt dat")
    assert list(turns_of([Said("hallo", ("dialoog/groet",)), Said("wat kan jij", ("bot/mogelijkheden",))])) == []


def test_a_folder_that_is_not_there_holds_none(tmp_path: Path) -> None:
    assert read(tmp_path / "weg") == []


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("conversations: [", "geen geldige YAML"),
        ("- text: hallo", "onder 'conversations:'"),
        ("conversations:\n- - text: hallo\n    topics: [dialoog/groet]", "ten minste twee berichten"),
        (_GOOD.replace("text: hij is ziek", "tekst: hij is ziek"), "gesprek 1, bericht 1: geef 'text' en 'topics'"),
        (_GOOD.replace('"ok: bedankt"', "3"), "bericht 2: 'text' is leeg of geen tekst"),
        (_GOOD.replace("[dialoog/dank]", "dialoog/dank"), "bericht 2: 'topics' is een lijst"),
        (_GOOD.replace("dialoog/dank", "vervolg/anders"), "'vervolg/anders' is geen onderwerp"),
        (_GOOD.replace("dialoog/dank", "dialoog/danku"), "'dialoog/danku' is geen onderwerp"),
    ],
)
def test_what_cannot_be_used_is_named_in_dutch(tmp_path: Path, content: str, wanted: str) -> None:
    (tmp_path / "een.yml").write_text(content, "utf-8")
    with pytest.raises(ValueError, match="een.yml") as caught:
        read(tmp_path)
    assert wanted in str(caught.value)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "een.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="een.yml"):
        read(tmp_path)


def test_the_conversations_of_the_project_can_be_learned_from() -> None:
    told = read(PROJECT_ROOT / "data" / "conversations")
    assert sum(1 for conversation in told for _ in turns_of(conversation)) > 4000
