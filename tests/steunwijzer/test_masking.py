"""Masking of personal data: what must go, what must stay, and the measurement on two hundred messages."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn

from steunwijzer import conversations, handoff, handoff_coach, handoff_request, relay
from steunwijzer.directory import import_coaches
from steunwijzer.masking import LABELS, find, mask

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from masking import measure, messages

WANTED_PRECISION = 0.95
WANTED_RECALL = 0.95


@pytest.mark.parametrize("kind", LABELS)
def test_two_hundred_messages(kind: str) -> None:
    assert len(messages()) >= 200
    right, wrong, missed = measure()[kind]
    assert right / (right + wrong) >= WANTED_PRECISION
    assert right / (right + missed) >= WANTED_RECALL


@given(st.integers(min_value=10_000_000, max_value=999_999_999), st.sampled_from(["bsn {}", "{}", "nummer: {}.", "({})"]))
def test_nine_digits_are_masked_exactly_when_the_check_digit_fits(number: int, around: str) -> None:
    digits = f"{number:09d}"
    masked = mask(around.format(digits))
    if bsn.is_valid(digits):
        assert digits not in masked.text
    elif not digits.startswith("0") and not digits.startswith("31"):
        assert "bsn" not in masked.kinds


@given(st.text(max_size=300))
def test_any_text_is_masked_and_masking_again_changes_nothing(text: str) -> None:
    once = mask(text, persons=True)
    assert [finding.value for finding in once.findings] == [text[finding.start : finding.end] for finding in once.findings]
    assert not {kind for kind in mask(once.text).kinds} - set(once.kinds)


def test_what_is_masked_is_not_shown_by_accident() -> None:
    assert "06" not in repr(mask("bel 06-12345678"))
    assert find("niets bijzonders") == ()


def test_names_go_from_what_a_visitor_tells_the_assistant_but_not_from_a_live_chat(database: str) -> None:
    import_coaches("code,naam,organisatie,regios\neen,Voorbeeld Een,Voorbeeld,Rivierenland\n")
    conversation = conversations.start()
    told = conversations.append(conversation.id, "user", {"text": "Daan durft niets"})
    assert told.payload == {"text": "[naam] durft niets", "masked": ["person"]}
    request = handoff.create(handoff_request.Draft("handoff", conversation.id, "Daan durft niets", "Tiel", "AM10"), "ja")
    assert request.subject == "[naam] durft niets"
    handoff_coach.accept(request.id, "een")
    assert relay.from_visitor(conversation.id, "Met Karin, mijn bsn is 111222333").text == "Met Karin, mijn bsn is [burgerservicenummer]"
    assert relay.from_coach(request.id, "een", "Dag Karin, bel me op 06-12345678").text == "Dag Karin, bel me op 06-12345678"
