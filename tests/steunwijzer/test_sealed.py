"""What is sealed can be read back here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

from steunwijzer.sealed import seal, unseal

ADDRESS = "medewerker@example.org"


def test_sealed_and_read_back() -> None:
    sealed = seal(ADDRESS)
    assert "example" not in sealed
    assert unseal(sealed) == ADDRESS
    assert seal(ADDRESS) != sealed


def test_another_installation_cannot_read_it(settings: Callable[..., None]) -> None:
    sealed = seal(ADDRESS)
    settings(secret_key="een heel ander geheim van genoeg tekens")
    assert unseal(sealed) is None
    for text in ("", "geen zegel", ADDRESS):
        assert unseal(text) is None
