"""Normalising, n-grams, lemmas and language."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from nlu.language import dutch_probability, kept_dutch_probabilities
from nlu.lemmas import table_for
from nlu.ngrams import NGrams, Sorted, beside, beside_full
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


def test_many_texts_at_once_give_what_each_gives() -> None:
    texts = ["mijn medewerker durft niets te vragen", "", "kerstpakket kopen medewerker", "!?", "durft durft durft niets"]
    for lemmas in ({}, {"durft": "durven", "kopen": "kopen"}):
        fitted = NGrams(lemmas=lemmas).fit(texts * 2)
        at_once = NGrams(lemmas=lemmas).fit_transform(texts * 2)
        assert abs(at_once - fitted.transform(texts * 2)).max() == 0
        for text, row in zip(texts, fitted.transform(texts), strict=True):
            one = fitted.row(text)
            found = dict(zip(row.indices.tolist(), row.data.tolist()))
            assert found == pytest.approx(dict(zip(one.columns.tolist(), one.weights.tolist())), rel=1e-5)


def test_a_loaded_vocabulary_finds_what_a_dict_finds() -> None:
    fitted = NGrams().fit(["mijn medewerker durft niets te vragen", "mijn medewerker vraagt niets"])
    loaded = Sorted(list(fitted.columns))
    assert dict(loaded) == dict(fitted.columns)
    assert [loaded.get(gram) for gram in ("", "w:bestaat niet", "\U0001f642")] == [None] * 3
    assert loaded.get("w:bestaat niet", -1) == -1
    with pytest.raises(KeyError):
        loaded["w:bestaat niet"]
    assert NGrams(loaded, fitted.idf).row("mijn medewerker").columns.tolist() == fitted.row("mijn medewerker").columns.tolist()


def test_what_is_kept_of_a_language_is_what_it_is(tmp_path: Path) -> None:
    texts = ["mijn medewerker durft niets te vragen", "my employee is afraid to ask"]
    first = kept_dutch_probabilities(texts, tmp_path / "language.npz")
    again = kept_dutch_probabilities(texts, tmp_path / "language.npz")
    assert first.tolist() == again.tolist() == pytest.approx([dutch_probability(text) for text in texts], abs=1e-3)


def test_columns_side_by_side() -> None:
    left, right = np.array([[0, 1.5], [0, 0], [2, 3]], np.float32), np.array([[0.5, 0, 1], [1, 2, 3], [0, 0, 0]], np.float32)
    for joined in (beside(csr_matrix(left), csr_matrix(right)), beside_full(csr_matrix(left), right)):
        assert (joined.toarray() == np.hstack([left, right])).all()
