"""Normalising, n-grams, lemmas and language."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.language import dutch_probability
from nlu.lemmas import table_for
from nlu.ngrams import NGrams
from nlu.text import normalise, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [("  Heeeeel  BOOS!!  ", "heel boos!!"), ("’t is ‘raar’", "'t is 'raar'"), ("bel 06 1234 in 2026", "bel 00 00 in 00"), ("", "")],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_words_keep_question_marks() -> None:
    assert words("durft hij dat? ja!") == ["durft", "hij", "dat", "?", "ja", "!"]


def test_ngrams_forgive_a_typing_error() -> None:
    fitted = NGrams().fit(["medewerker durft niets", "medewerker vraagt niets", "kerstpakket kopen"])
    right, wrong, other = fitted.transform(["medewerker durft", "medewrker durft", "kerstpakket"]).toarray()
    assert right @ wrong > 2 * (right @ other)


def test_unknown_words_give_a_finite_row() -> None:
    fitted = NGrams().fit(["aap noot", "aap mies"])
    assert fitted.transform([""]).nnz == 0
    assert np.isfinite(fitted.transform(["☃"]).toarray()).all()


def test_lemmas_join_forms_of_a_word() -> None:
    table = table_for(["de medewerker durven"])
    assert table["medewerkers"] == "medewerker"
    assert table["durfden"] == "durven"


@pytest.mark.parametrize(("text", "dutch"), [("mijn medewerker durft niets te vragen", True), ("my employee is always late", False)])
def test_language(text: str, dutch: bool) -> None:
    assert (dutch_probability(text) > 0.5) is dutch
