"""Crisis recognition: the words that fire alone, the concepts, and a model fitted on the project's own examples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from nlu.crisis import CrisisModel, fit, is_certain
from nlu.crisis_words import NAMES, concepts
from nlu.ngrams import NGrams

_EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "nlu"


def _examples() -> tuple[list[str], list[bool]]:
    """Every crisis example and a tenth of the others."""
    texts: list[str] = []
    labels: list[bool] = []
    for file in sorted(_EXAMPLES.glob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            crisis = block.get("intent") == "grens_crisis"
            lines = [line[2:] for line in str(block.get("examples", "")).splitlines() if line.startswith("- ")]
            chosen = lines if crisis else lines[::10]
            texts += chosen
            labels += [crisis] * len(chosen)
    return texts, labels


@pytest.fixture(scope="module")
def model() -> CrisisModel:
    texts, labels = _examples()
    return fit(texts, labels, None, ngrams=NGrams().fit(texts), parts=2)


@pytest.mark.parametrize(
    "text",
    [
        "zelfmoord",
        "hij praat over zelfdoding",
        "Mijn collega zegt dat hij dood wil.",
        "hij zit huilend op het spoor",
        "ze wil zich van kant maken",
        "k wil nie meer leven",
        "wat is het nummer van 113",
        "he says he will kill himself",
        "er will sich umbringen",
        "il veut se suicider",
        "on chce się zabić",
        "çalışanım intihar etmek istiyor",
        "quiere suicidarse",
        "vrea să se sinucidă",
        "он говорит о самоубийстве",
        "він каже про самогубство",
        "يريد الانتحار",
    ],
)
def test_words_that_leave_no_doubt_raise_the_alarm_alone(text: str) -> None:
    assert is_certain(text)


@pytest.mark.parametrize(
    "text",
    [
        "schiet mij maar lek, ik weet het niet",
        "ik schrik me dood van die rekening",
        "ze is doodmoe na een dienst",
        "hij dreigt met ontslag",
        "dat mes snijdt aan twee kanten",
        "ik heb 113 euro aan reiskosten",
        "onze machinist zit sinds een aanrijding op het spoor in oktober thuis",
        "deze vacature loopt dood",
        "this paperwork is killing me",
        "telefoon is dood, wil je me mailen",
    ],
)
def test_everyday_phrases_are_not_certain(text: str) -> None:
    assert not is_certain(text)


def test_idioms_light_no_concept_of_danger() -> None:
    found = {NAMES[number] for number in concepts("schiet mij maar lek")}
    assert found == {"idiom"}
    found = {NAMES[number] for number in concepts("hij staat met een mes bij de poort")}
    assert {"weapon", "at_door"} <= found


@pytest.mark.parametrize("text", ["hij slaat haar dood als hij haar ziet", "hij loopt rond met een pistool en wil dood"])
def test_an_idiom_does_not_swallow_a_real_threat(text: str) -> None:
    found = {NAMES[number] for number in concepts(text)}
    assert "die" in found


@pytest.mark.parametrize(
    "text",
    [
        "mn collega heeft een afscheidsbrief geschreven en neemt zn telefoon niet op",
        "ze heeft alle pillen in een keer ingenomen en wordt niet wakker",
        "er staat een man met een mes bij de ingang",
        "hij staat op het dak en zegt dat hij gaat springen",
        "haar ex wacht haar op bij de poort en heeft gedreigd haar te vermoorden",
        "he is standing on the roof and says he will jump",
    ],
)
def test_danger_without_the_word_suicide(model: CrisisModel, text: str) -> None:
    assert model.alarm(text, None)


@pytest.mark.parametrize(
    "text",
    [
        "goedemorgen",
        "Welke subsidie krijg ik voor een jobcoach?",
        "hij dreigt met ontslag als hij geen vrije dag krijgt",
        "ze is als de dood om een fout te maken",
        "ik zit te springen om personeel",
        "mijn medewerker vergeet steeds de planning",
        "Zwolle",
        "",
    ],
)
def test_ordinary_messages_and_idioms_raise_no_alarm(model: CrisisModel, text: str) -> None:
    assert not model.alarm(text, None)


def test_a_stored_model_scores_the_same(model: CrisisModel, tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "model.npz", **model.to_arrays())
    with np.load(tmp_path / "model.npz") as stored:
        again = CrisisModel.from_arrays(stored, model.ngrams)
    for text in ("hij heeft een mes", "wat kost een coach"):
        assert again.score(text, None) == pytest.approx(model.score(text, None), abs=1e-6)
    assert again.threshold == pytest.approx(model.threshold)


def test_vectors_count_and_a_message_without_one_still_gets_a_score() -> None:
    texts = ["hij wil dood", "ze springt van de brug", "er ligt een wapen", "dank je", "regeling jobcoach", "wie ben jij"] * 3
    vectors = np.random.default_rng(1).standard_normal((len(texts), 384)).astype(np.float32)
    labels = [True, True, True, False, False, False] * 3
    ngrams = NGrams().fit(texts)
    first, second = (fit(texts, labels, vectors, ngrams=ngrams, parts=2) for _ in range(2))
    assert first.score("hij wil springen", vectors[0]) == second.score("hij wil springen", vectors[0])
    restored = CrisisModel.from_arrays(first.to_arrays(), ngrams)
    assert restored.score("hij wil springen", vectors[0]) == pytest.approx(first.score("hij wil springen", vectors[0]), abs=1e-2)
    assert np.isfinite(first.score("hij wil springen", None))


def test_one_message_scores_the_same_alone_as_among_others(model: CrisisModel) -> None:
    texts = ["hij wil van het dak springen en heeft een mes", "wat kost een coach", "", "ze is niet meer wakker te krijgen na al die pillen"]
    assert [model.score(text, None) for text in texts] == pytest.approx(model.scores(texts, None).tolist(), abs=1e-4)


def test_one_kind_of_message_is_not_enough() -> None:
    with pytest.raises(ValueError, match="voorbeelden"):
        fit(["hallo", "dank je"], [False, False], None, ngrams=NGrams())


@pytest.mark.timeout(120)
def test_a_long_message_takes_time_in_proportion() -> None:
    """A pattern that looks back over everything before it would not end within the timeout."""
    assert concepts("schiet dreigt springt en slaat met de deur " * 2000)


@pytest.mark.parametrize(
    "text",
    [
        "volgende week lezing over zelfmoord voor alle chefs", "onze ploegbaas is overleden aan een hartstilstand",
        "het personeel gaat naar een musical waarin een zelfmoord voorkomt", "de oefening met de bommelding is dinsdag",
        "zijn oom pleegde in 1998 zelfmoord, hij schreef daar een gedicht over", "negen jaar terug deed ze een poging, nu geeft ze les",
        "in het handboek ontbreekt een stuk over suïcide", "de printer in de hal pleegde vanochtend zelfmoord",
    ],
)  # fmt: skip
def test_a_course_a_play_a_rule_or_what_is_long_ago_is_beyond_no_doubt(text: str) -> None:
    assert not is_certain(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("hij kreeg een kopstoot en een vuistslag van een bezoeker", {"attack"}),
        ("iemand zit op de dakgoot van de loods", {"height"}),
        ("ze reanimeren hem nu, zijn hart staat stil", {"first_aid"}),
        ("hij deed in 2014 een poging en is allang hersteld", {"attempt", "past", "over_now"}),
        ("welk protocol is er voor suïcide", {"policy", "suicide"}),
    ],
)
def test_concepts_of_danger_and_of_what_is_none(text: str, names: set[str]) -> None:
    assert names <= {NAMES[number] for number in concepts(text)}


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("hij zet de collega een mes op de keel", True),
        ("de bank zet ons het mes op de keel", False),
        ("met het mes op de keel onderhandelen", False),
        ("met al die regels staat het mes me op de keel", False),
        ("hij was als tiener suïcidaal, hoort dat in het dossier", False),
        ("in het dossier ligt een briefje uit 2009 over een zelfmoordpoging", False),
        ("drie jaar geleden een zelfmoordpoging en deze week praat hij er weer over", True),
        ("mijn bezorger schrijft vandaag ik ga dood maken mij", True),
        ("collega's hoorden dat hij de chef overhoop gaat schieten", True),
        ("'k peis dat em zich gaat verdoen", True),
        ("hij verdoet zijn tijd", False),
        ("in de sms stond: tegen dat ge dit leest ben ik er niet meer", True),
        ("als je dit leest ben ik al naar huis", False),
        ("het komt erop neer komen wij te laat", False),
    ],
)
def test_literal_words_leave_no_doubt_and_sayings_do(text: str, certain: bool) -> None:
    assert is_certain(text) is certain
