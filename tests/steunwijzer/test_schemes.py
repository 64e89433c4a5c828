"""The finder of schemes never promises and never turns "I don't know" into a no."""

from __future__ import annotations

import itertools

from steunwijzer import schemes

CHOICES = {key: [value for value, _ in choices] for key, _, choices in schemes.QUESTIONS}


def test_every_combination_of_answers_gives_complete_schemes() -> None:
    for values in itertools.product(*CHOICES.values()):
        found = schemes.find(dict(zip(CHOICES, values, strict=True)))
        assert all(s.brings and s.apply_at and s.uncertain and s.sources and s.topic.startswith("regeling/") for s in found)
        assert len({s.name for s in found}) == len(found)


def test_not_knowing_still_finds_something_to_ask_about() -> None:
    names = {s.name for s in schemes.find({})}
    assert {"No-riskpolis", "Loonkostenvoordeel", "Loonkostensubsidie", "Proefplaatsing"} <= names
    assert {s.certainty for s in schemes.find({})} == {"navragen"}


def test_register_gives_no_risk_and_wage_benefit_but_not_subsidy() -> None:
    names = {
        s.name for s in schemes.find({"contract": "vast", "register": "ja", "benefit": "geen", "adaptation": "nee", "coaching": "nee"})
    }
    assert names == {"No-riskpolis", "Loonkostenvoordeel"}


def test_gemeente_gives_subsidy_and_wajong_dispensation() -> None:
    assert "Loonkostensubsidie" in {s.name for s in schemes.find({"benefit": "gemeente", "contract": "vast"})}
    names = {s.name for s in schemes.find({"benefit": "wajong", "contract": "vast"})}
    assert "Loondispensatie (Wajong)" in names
    assert "Loonkostensubsidie" not in names


def test_trial_placement_only_before_a_contract() -> None:
    assert "Proefplaatsing" in {s.name for s in schemes.find({"contract": "geen", "benefit": "uwv"})}
    assert "Proefplaatsing" not in {s.name for s in schemes.find({"contract": "vast", "benefit": "uwv"})}


def test_coaching_and_adaptation() -> None:
    assert "Jobcoach van buiten" in {s.name for s in schemes.find({"coaching": "buiten"})}
    assert "Een eigen collega als jobcoach" not in {s.name for s in schemes.find({"coaching": "binnen", "contract": "kort"})}
    assert "Aanpassing van de werkplek" in {s.name for s in schemes.find({"adaptation": "ja"})}
