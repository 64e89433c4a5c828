"""Suggestions and the paper of the werkafspraken."""

from __future__ import annotations

from datetime import date

import pytest

from steunwijzer import agreements
from steunwijzer.rewording import find_medical

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("behaviour", ["faalangst", "impulsiviteit", "concentratie", None])
@pytest.mark.parametrize("trade", [*agreements.trades(), None])
def test_every_behaviour_and_trade_has_suggestions_in_terms_of_work(behaviour: str | None, trade: str | None) -> None:
    lines = agreements.suggestions(behaviour, trade)
    assert len(lines) == 4 == len(set(lines))
    assert not any(find_medical(line) for line in lines)
    if trade:
        assert lines != agreements.suggestions(behaviour, None)
    for role in agreements.ROLES:
        assert agreements.role_suggestions(behaviour, role)


def test_skipped_lines_stay_empty_and_the_order_is_fixed() -> None:
    found = agreements.build({"helps": "Rust", "review": "2026-12-01"}, TODAY)
    assert [heading for heading, _ in found.lines] == list(agreements.LINES.values())
    assert dict(found.lines)["Wat helpt"] == "Rust"
    assert dict(found.lines)["Wat goed gaat"] == ""
    assert "Rust" in agreements.preview(found)
    assert "1 december 2026" in agreements.preview(found)
    assert "leeg formulier" in agreements.preview(agreements.build({}, TODAY))


def test_only_our_own_lines_are_counted() -> None:
    line = agreements.suggestions("faalangst", "horeca")[0]
    assert agreements.known_lines([line, "iets van de gebruiker zelf"]) == [line]


@pytest.mark.parametrize(("text", "trade"), [("bakkerij", "horeca"), ("een Supermarkt", "winkel"), ("garagebedrijf", "bouw"), ("iets anders", None)])
def test_a_trade_in_other_words(text: str, trade: str | None) -> None:
    assert agreements.trade_of(text) == trade


def test_every_trade_with_other_words_is_one_of_ours() -> None:
    assert agreements._data()["trade_words"].keys() == agreements.trades().keys()


def test_every_suggestion_is_a_whole_sentence() -> None:
    """An unquoted comma in a list on one line cuts a sentence in two."""
    data = agreements._data()
    lines = [line for part in ("suggestions", "roles") for rows in data[part].values() for row in rows.values() for line in row]
    broken = [line for line in lines if not (line[:1].isupper() and line.endswith("."))]
    assert lines
    assert broken == []
