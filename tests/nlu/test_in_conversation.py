"""What a message means after the answer before it."""

from __future__ import annotations

from nlu.in_conversation import Before, reread, resolved

_AFTER = Before("preventie/ziekmelding", frozenset({"preventie/terugval", "regeling/no_riskpolis"}))


def _read(text: str, *ranking: tuple[str, float], before: Before = _AFTER) -> list[tuple[str, float]]:
    return reread(text, ranking, ranking, ranking, before=before)


def test_a_follow_up_is_about_the_behaviour_the_person_or_the_answer_before() -> None:
    assert resolved("vervolg/gesprek", "concentratie/omgaan") == "concentratie/gesprek"
    assert resolved("vervolg/gesprek", "preventie/ziekmelding") == "preventie/gesprek"
    assert resolved("vervolg/gesprek", "ips/kosten") == "ips/kosten"
    assert resolved("vervolg/anders", "concentratie/omgaan") == "concentratie/omgaan"
    assert resolved("privacy/vragen", "concentratie/omgaan") == "privacy/vragen"


def test_a_few_doubtful_words_are_about_the_answer_before_or_its_next_question() -> None:
    assert _read("en wie betaalt dat dan", ("grens/buiten_bereik", 0.6), ("regeling/no_riskpolis", 0.3))[0][0] == "regeling/no_riskpolis"
    assert _read("en die week zes", ("grens/buiten_bereik", 0.6), ("preventie/ziekmelding", 0.2))[0][0] == "preventie/ziekmelding"


def test_a_clear_new_subject_stays_what_it_is() -> None:
    text = "iets anders, hoe vraag ik loonkostensubsidie aan voor een jongen uit de participatiewet die hier in mei begint"
    assert _read(text, ("regeling/loonkostensubsidie", 0.99), ("preventie/ziekmelding", 0.002))[0][0] == "regeling/loonkostensubsidie"


def test_danger_is_never_read_into_a_message_and_the_shares_add_up_to_one() -> None:
    ranking = _read("en dan", ("grens/crisis", 0.9), ("preventie/rollen", 0.1))
    assert [topic for topic, _ in ranking] == ["preventie/rollen"]
    assert abs(sum(share for _, share in ranking) - 1) < 1e-9
    assert _read("en dan", ("grens/crisis", 1.0)) == []
