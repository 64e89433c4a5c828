"""The parts that a longer message is cut into."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.parts import parts


@pytest.mark.parametrize("text", ["", "hij is stil", "Kan ik subsidie krijgen? Hij begint in mei.", "woord " * 20])
def test_a_short_message_or_a_single_sentence_is_not_cut(text: str) -> None:
    assert parts(text) == []


def test_sentences_are_parts() -> None:
    text = "Welke datum geldt voor het plan van aanpak? Toen ik hem belde klonk hij rustig. Ja. Hij is zes weken ziek."
    assert parts(text) == ["Welke datum geldt voor het plan van aanpak?", "Toen ik hem belde klonk hij rustig.", "Hij is zes weken ziek."]


@given(st.lists(st.sampled_from(["hij", "zegt", "dat", "het", "niet", "gaat"]), min_size=25, max_size=200))
def test_dictated_words_come_in_stretches_that_overlap(words: list[str]) -> None:
    found = [part.split() for part in parts(" ".join(words))]
    assert all(8 < len(part) <= 16 for part in found)
    assert [word for part in found[:-1] for word in part[:8]] + found[-1] == words
