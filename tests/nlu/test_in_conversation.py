"""What a message means after the answer before it."""

from __future__ import annotations

import numpy as np

from nlu import conversation_fit
from nlu.conversation_examples import Turn
from nlu.in_conversation import Before, ConversationModel, added_up, relation, resolved, without

_AFTER = Before("preventie/ziekmelding", frozenset({"preventie/terugval", "regeling/no_riskpolis"}), ["ips/kosten"])
_THUMB = ConversationModel()


def _read(text: str, *ranking: tuple[str, float], before: Before = _AFTER) -> list[tuple[str, float]]:
    return _THUMB.rank(text, None, (ranking, ranking), before)


def test_a_follow_up_is_about_the_behaviour_the_person_or_the_answer_before() -> None:
    assert resolved("vervolg/gesprek", "concentratie/omgaan") == "concentratie/gesprek"
    assert resolved("vervolg/gesprek", "preventie/ziekmelding") == "preventie/gesprek"
    assert resolved("vervolg/gesprek", "ips/kosten") == "ips/kosten"
    assert resolved("vervolg/anders", "concentratie/omgaan") == "concentratie/omgaan"
    assert resolved("privacy/vragen", "concentratie/omgaan") == "privacy/vragen"


def test_how_a_topic_stands_to_the_last_answer() -> None:
    wanted = {
        "preventie/ziekmelding": "same",
        "preventie/terugval": "next_in_area",
        "preventie/rollen": "area",
        "regeling/no_riskpolis": "next",
        "grens/buiten_bereik": "outside",
        "dialoog/dank": "dialoog",
        "bot/klacht": "bot",
        "ips/uitleg": "earlier",
        "regio/zoeken": "else",
    }
    assert {topic: relation(topic, _AFTER) for topic in wanted} == wanted


def test_after_another_subject_a_follow_up_may_be_about_the_behaviour_that_was_spoken_of_before() -> None:
    after_team = Before("openheid/team", earlier=["concentratie/omgaan"])
    assert set(added_up([("vervolg/gesprek", 0.9)], after_team)) == {"openheid/team", "concentratie/gesprek"}
    assert set(added_up([("vervolg/gesprek", 0.9)], Before("openheid/team"))) == {"openheid/team"}
    assert set(added_up([("vervolg/gesprek", 0.9)], Before("faalangst/omgaan", earlier=["concentratie/omgaan"]))) == {"faalangst/gesprek"}


def test_before_anything_is_learned_a_few_doubtful_words_are_about_the_answer_before_or_its_next_question() -> None:
    assert _read("en wie betaalt dat dan", ("grens/buiten_bereik", 0.6), ("regeling/no_riskpolis", 0.3))[0][0] == "regeling/no_riskpolis"
    assert _read("en die week zes", ("grens/buiten_bereik", 0.6), ("preventie/ziekmelding", 0.2))[0][0] == "preventie/ziekmelding"


def test_a_clear_new_subject_stays_what_it_is() -> None:
    text = "iets anders, hoe vraag ik loonkostensubsidie aan voor een jongen uit de participatiewet die hier in mei begint"
    assert _read(text, ("regeling/loonkostensubsidie", 0.99), ("preventie/ziekmelding", 0.002))[0][0] == "regeling/loonkostensubsidie"


def test_danger_is_never_read_into_a_message_and_the_shares_add_up_to_one() -> None:
    ranking = _read("en dan", ("grens/crisis", 0.9), ("preventie/rollen", 0.1))
    assert "grens/crisis" not in dict(ranking)
    assert abs(sum(share for _, share in ranking) - 1) < 1e-6
    assert _read("en dan") == []


def test_the_model_learns_from_the_message_itself_whether_it_leans_on_the_last_answer() -> None:
    """Two kinds of messages with the same readings, told apart by their vector alone: one stays on the subject, the other leaves it."""
    stays, leaves = np.array([1.0, 0.0], np.float32), np.array([0.0, 1.0], np.float32)
    reading = [("ips/uitleg", 0.5), ("preventie/ziekmelding", 0.5)]
    turns = [Turn("en dan", "hij is ziek", "preventie/ziekmelding", ("preventie/ziekmelding",)) for _ in range(40)]
    turns += [Turn("wat is ips", "hij is ziek", "preventie/ziekmelding", ("ips/uitleg",)) for _ in range(40)]
    vectors = np.stack([*[stays] * 40, *[leaves] * 40])
    model = conversation_fit.fit(turns, [[reading, reading]] * 80, vectors, lambda topic, earlier: _AFTER)
    assert model.rank("en dan", stays, (reading, reading), _AFTER)[0][0] == "preventie/ziekmelding"
    assert model.rank("wat is ips", leaves, (reading, reading), _AFTER)[0][0] == "ips/uitleg"
    again = ConversationModel.from_arrays(model.to_arrays())
    assert again.rank("wat is ips", leaves, (reading, reading), _AFTER) == model.rank("wat is ips", leaves, (reading, reading), _AFTER)
    assert again.rank("wat is ips", None, (reading, reading), Before("aannemen/waarom"))  # without an encoder, after an area never seen


def test_too_few_conversations_leave_the_rules_of_thumb() -> None:
    turn = Turn("en dan", "hij is ziek", "preventie/ziekmelding", ("preventie/ziekmelding",))
    model = conversation_fit.fit([turn], [[[], []]], None, lambda topic, earlier: _AFTER)
    assert model.names == []
    assert np.array_equal(model.relations, _THUMB.relations)


def test_what_is_left_out_leaves_its_share_to_the_others() -> None:
    assert without({"a/b"}, [("a/b", 0.5), ("c/d", 0.25)]) == [("c/d", 1.0)]
    assert without({"a/b"}, [("a/b", 0.5)]) == []
