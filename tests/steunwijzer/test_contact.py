"""Telephone numbers and e-mail addresses as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steunwijzer.contact import parse_contact, shown_phone, valid_email, valid_phone
from steunwijzer.known_contact import KnownContact, mended


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("06 12 34 56 78", "+31612345678"),
        ("06-12345678", "+31612345678"),
        ("+31 6 12345678", "+31612345678"),
        ("0031612345678", "+31612345678"),
        ("+31 (0)6 12345678", "+31612345678"),
        ("mijn nummer is 0612345678 bel maar na vijven", "+31612345678"),
        ("0344-612345", "+31344612345"),
        ("(0344) 61 23 45", "+31344612345"),
        ("020-5551234", "+31205551234"),
        ("0800-0113", "+318000113"),
        ("+32 470 12 34 56", "+32470123456"),
        ("+49 30 901820", "+4930901820"),
    ],
)
def test_good_numbers(written: str, phone: str) -> None:
    assert parse_contact(written).phone == phone == valid_phone(written)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("06 1234567", "te weinig cijfers"),
        ("06 123456789", "te veel cijfers"),
        ("0999 123456", "klopt niet"),
        ("112", "geen telefoonnummer of e-mailadres"),
        ("ja hoor", "geen telefoonnummer of e-mailadres"),
        ("", "geen telefoonnummer of e-mailadres"),
        ("jan@bedrijf", "e-mailadres klopt niet"),
        ("jan@@bedrijf.nl", "e-mailadres klopt niet"),
        ("@bedrijf.nl", "geen telefoonnummer of e-mailadres"),
    ],
)
def test_bad_contact_says_what_to_mend(written: str, said: str) -> None:
    contact = parse_contact(written)
    assert not contact.ok
    assert said in (contact.problem or "")


@pytest.mark.parametrize(
    ("written", "email"),
    [
        ("jan@bedrijf.nl", "jan@bedrijf.nl"),
        ("Mail naar J.de.Vries@Bedrijf.NL.", "J.de.Vries@bedrijf.nl"),
        ("info(at)bedrijf.nl", "info@bedrijf.nl"),
        ("zoë@bedrijf.nl", "zoë@bedrijf.nl"),
    ],
)
def test_good_addresses(written: str, email: str) -> None:
    assert parse_contact(written).email == email == valid_email(written.replace("(at)", "@"))


def test_both_at_once_and_how_it_is_shown() -> None:
    contact = parse_contact("06-12345678 of piet@bedrijf.nl")
    assert (contact.phone, contact.email, contact.problem) == ("+31612345678", "piet@bedrijf.nl", None)
    assert contact.shown == "06 12345678 en piet@bedrijf.nl"
    assert shown_phone("+32470123456") == "+32 470 12 34 56"
    assert shown_phone(None) == ""


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    contact = parse_contact(text)
    assert contact.ok != bool(contact.problem)


@pytest.mark.parametrize(
    ("text", "phone", "email"),
    [
        ("niet 0591 maar 0592", "+31592123456", "jan@gmail.com"),
        ("0592 ipv 0591", "+31592123456", "jan@gmail.com"),
        ("eindigt op 57", "+31591123457", "jan@gmail.com"),
        ("hotmail bedoel ik", "+31591123456", "jan@hotmail.com"),
        ("nee niet gmail maar ziggo", "+31591123456", "jan@ziggo.nl"),
        ("het is outlook.nl", "+31591123456", "jan@outlook.nl"),
    ],
)
def test_a_part_of_what_is_known_is_corrected(text: str, phone: str, email: str) -> None:
    known = KnownContact("+31591123456", "jan@gmail.com", "Jan")
    assert mended(text, known) == KnownContact(phone, email, "Jan")


@pytest.mark.parametrize("text", ["niet 0599 maar 0592", "gmail", "hij komt niet om 8 maar om 9", "ze mailt steeds naar hotmail van klanten"])
def test_what_corrects_nothing_that_is_known(text: str) -> None:
    assert mended(text, KnownContact("+31591123456", "jan@gmail.com")) is None
