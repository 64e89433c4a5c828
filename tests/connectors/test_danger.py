"""What a message means after one about danger, and how sure the alarm was."""

from __future__ import annotations

import pytest

from connectors.danger import meaning, unsure_after
from connectors.parses import parse_for_topic
from nlu.topics import CRISIS


@pytest.mark.parametrize(
    ("text", "topic", "sure", "doubtful"),
    [
        ("wat kan ik afspreken met hem", "vervolg/aanpassen", "goes on", None),
        ("hij vergeet steeds zijn spullen", "concentratie/omgaan", "goes on", None),
        ("welke subsidie is er voor hem", "regeling/overzicht", None, None),
        ("nee", "dialoog/nee", "goes on", "perhaps"),
        ("moet ik iemand bellen", "preventie/rollen", "goes on", "perhaps"),
        ("het is niet gevaarlijk hoor, gewoon haantjesgedrag", "impulsiviteit/omgaan", "over", "over"),
        ("er is niks ernstigs", "dialoog/nee", "over", "over"),
        ("het is niet veilig hier", "preventie/rollen", "goes on", None),
        ("hij is nog steeds gevaarlijk", "grens/buiten_bereik", "goes on", "perhaps"),
    ],
)
def test_after_a_doubtful_alarm_a_clear_question_is_about_something_else(
    text: str, topic: str, sure: str | None, doubtful: str | None
) -> None:
    parse = parse_for_topic(text, topic, sure=0.9)
    assert meaning(text, parse, 1) == sure
    assert meaning(text, parse, 1, unsure=True) == doubtful


def test_what_names_danger_or_leaves_it_in_doubt_belongs_to_it() -> None:
    doubted = {**parse_for_topic("", "concentratie/omgaan", sure=0.9), "worry": True}
    for parse in (parse_for_topic("", CRISIS), doubted):
        assert meaning("hij zit daar nog", parse, 1, unsure=True) == "goes on"


def test_one_sure_alarm_makes_it_sure() -> None:
    alarm = parse_for_topic("", CRISIS)
    sure, doubtful = {**alarm, "unsure_alarm": False}, {**alarm, "unsure_alarm": True}
    assert unsure_after(False, 0, doubtful)
    assert not unsure_after(True, 0, sure)
    assert unsure_after(True, 1, doubtful)
    assert not unsure_after(False, 1, doubtful)
    assert not unsure_after(True, 1, sure)
    assert unsure_after(True, 1, alarm)
