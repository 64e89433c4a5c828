"""The content check: the project's own content in its present state, and every rule on a copy with one thing wrong."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from nlu.topics import TOPICS, intent_of
from steunwijzer import examples
from steunwijzer.content_lint import check, check_answers, check_conversations, check_domain, check_examples, sentences
from steunwijzer.settings import PROJECT_ROOT

TODAY = date(2026, 11, 23)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the content in which things can be broken."""
    for name in ("data/answers", "data/stories"):
        shutil.copytree(PROJECT_ROOT / name, tmp_path / name)
    shutil.copy(PROJECT_ROOT / "domain.yml", tmp_path)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def nlu(root: Path, topics: dict[str, list[str]]) -> Path:
    """Training files with these messages under ``root``."""
    folder = root / "data" / "nlu"
    folder.mkdir(parents=True, exist_ok=True)
    blocks = [
        f"- intent: {intent_of(topic)}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts) for topic, texts in topics.items()
    ]
    (folder / "alles.yml").write_text('version: "3.1"\n\nnlu:\n' + "\n".join(blocks), "utf-8")
    return root


def test_the_answers_and_the_domain_of_the_project_are_in_order() -> None:
    assert check_answers(PROJECT_ROOT) == []
    assert check_domain(PROJECT_ROOT) == []


def test_the_examples_of_the_project_are_in_order() -> None:
    assert check_examples(PROJECT_ROOT) == []


def test_the_conversations_of_the_project_are_in_order() -> None:
    assert check_conversations(PROJECT_ROOT) == []


def test_a_conversation_that_is_measured_with_or_unusable_is_named(tmp_path: Path) -> None:
    told, measured = tmp_path / "data" / "conversations", tmp_path / "bench"
    told.mkdir(parents=True)
    measured.mkdir()
    (told / "een.yml").write_text(
        "conversations:\n- - text: mijn bakker komt al een week veel te laat\n    topics: [concentratie/omgaan]\n"
        "  - text: en dan\n    topics: [concentratie/omgaan]\n",
        "utf-8",
    )
    turns = [{"text": text, "accept": ["concentratie/omgaan"]} for text in ("Mijn bakker komt al een week veel te laat!", "en dan")]
    (measured / "conversations_a.jsonl").write_text(json.dumps({"turns": turns}) + "\n", "utf-8")
    (problem,) = check_conversations(tmp_path)
    assert "bench/conversations_a.jsonl" in problem
    (told / "twee.yml").write_text("conversations: 3\n", "utf-8")
    (problem,) = check_conversations(tmp_path)
    assert problem.startswith("data/conversations/twee.yml: zet de gesprekken onder 'conversations:'")


def test_the_whole_check_is_the_sum_of_its_parts(content: Path) -> None:
    nlu(content, {"dialoog/ja": ["jazeker"]})
    edit(content / "domain.yml", "  - dialoog_ja\n", "")
    edit(content / "data" / "answers" / "dialoog.yml", "Goedendag.", "Goedendag!")
    problems = check(content, today=TODAY)
    assert {problem.split(":")[0].split(",")[0] for problem in problems} == {"data/answers/dialoog.yml", "domain.yml", "data/nlu"}


TITLE = "title: Hoe herken ik faalangst op het werk?"
NEXT = "next: [faalangst/omgaan, faalangst/gesprek, faalangst/vermijden]"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (TITLE, TITLE[:-1] + " bij een heel nieuwe medewerker?", "tekens, hooguit 45"),
        (TITLE, "title: Hallo", "is ook die van"),
        ("sources: [F1, F2, F4, S001]", "sources: []", "geen bron"),
        ("sources: [F1, F2, F4, S001]", "sources: [F1, BESTAATNIET]", "BESTAATNIET"),
        ("checked: 2026-11-21", "checked: 2025-11-22", "een jaar of langer geleden"),
        ("checked: 2026-11-21", "checked: 2027-01-01", "in de toekomst"),
        (NEXT, "next: [faalangst/omgan]", "'faalangst/omgan', dat bestaat niet"),
        (NEXT, "next: [faalangst/herkennen]", "hetzelfde antwoord"),
        ("Kijk een week gericht mee.", "Kijk een week gericht mee!", "uitroepteken"),
        ("Kijk een week gericht mee.", "Kijk een week gericht mee. \U0001f600", "emoji"),
        ("Kijk een week gericht mee.", "Kijk of er een burn-out dreigt.", "noemt 'burn-out'"),
        ("Kijk een week gericht mee.", "Kijk " + "heel " * 20 + "gericht mee.", "een zin in 'text' heeft 23 woorden"),
        ("Kijk een week gericht mee.", "Kijk een week gericht mee. " * 20, "woorden, hooguit 90"),
        ("  faalangst/herkennen:", "  faalangst/herken:", "faalangst/herkennen: er is geen antwoord"),
        ("  faalangst/herkennen:", "  faalangst/herken:", "bestaat niet in nlu/topics.py"),
        ("  faalangst/omgaan:", "  faalangst/herkennen:", "heeft al een antwoord"),
        (TITLE, "titel: Hoe?", "'title' ontbreekt"),
        ("answers:", "answers: [", "geen geldige YAML"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(content: Path, old: str, new: str, said: str) -> None:
    edit(content / "data" / "answers" / "faalangst.yml", old, new)
    problems = check_answers(content, today=TODAY)
    assert any(said in problem for problem in problems), problems
    assert all("faalangst" in problem or "dialoog" in problem for problem in problems)


def test_long_sentences_on_average_are_said(content: Path) -> None:
    path = content / "data" / "answers" / "faalangst.yml"
    longish = "Kijk eerst samen rustig naar het werk van deze week en kies dan wat vandaag echt af moet."
    block = re.compile(r"    text: \|\n(?:      .*\n|\n)+")
    path.write_text(block.sub(f"    text: |\n      {longish}\n", path.read_text("utf-8"), count=1), "utf-8")
    assert any("gemiddeld 18,0 woorden" in problem for problem in check_answers(content, today=TODAY))


def test_sentences_follow_bullets_and_full_stops_not_wrapped_lines() -> None:
    text = 'Kies één\ntaak. Zeg wat "af" is.\n\n- **Houd het kort.** "Eerst dit. Dan dat."\n- Prijs 1.000 euro op 113.nl'
    bullets = ["Houd het kort.", '"Eerst dit.', 'Dan dat."', "Prijs 1.000 euro op 113.nl"]
    assert sentences(text) == ["Kies één taak.", 'Zeg wat "af" is.', *bullets]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("domain.yml", "  - dialoog_ja\n", "", "intents: 'dialoog_ja' ontbreekt"),
        ("domain.yml", "  - dialoog_ja\n", "  - dialoog_ja\n  - dialoog_misschien\n", "'dialoog_misschien' hoort bij geen onderwerp"),
        ("domain.yml", "'Hoe herken ik faalangst op het werk?'", "'Iets anders'", "utter_faalangst/herkennen: daar staat \"Iets anders\""),
        ("domain.yml", "utter_faalangst/herkennen:", "utter_faalangst/herken:", "'utter_faalangst/herkennen' ontbreekt"),
        ("domain.yml", "utter_faalangst/herkennen:", "utter_faalangst/herken:", "'utter_faalangst/herken' hoort bij geen onderwerp"),
        ("data/stories/grenzen.yml", "- intent: grens_diagnose", "- intent: grens_ontslag", "intent 'grens_diagnose'"),
    ],
)
def test_what_is_wrong_with_the_domain_is_said(content: Path, file: str, old: str, new: str, said: str) -> None:
    edit(content / file, old, new)
    problems = check_domain(content)
    assert any(said in problem for problem in problems), problems


def test_too_few_examples_are_counted_per_topic(tmp_path: Path) -> None:
    problems = check_examples(nlu(tmp_path, {"dialoog/ja": ["ja hoor", "zeker", "Ja hoor!"]}))
    assert "data/nlu, dialoog/ja: 2 verschillende voorbeelden, ten minste 60. Schrijf er 58 bij." in problems
    assert sum("ten minste 120" in p and "grens/crisis" in p for p in problems) == 1
    assert sum("ten minste 400" in p and "grens/buiten_bereik" in p for p in problems) == 1
    assert sum("verschillende voorbeelden" in problem for problem in problems) == len(TOPICS)


def others(root: Path) -> list[str]:
    return [problem for problem in check_examples(root) if "verschillende voorbeelden" not in problem]


def test_an_example_stands_in_one_topic_once(tmp_path: Path) -> None:
    problems = others(nlu(tmp_path, {"dialoog/ja": ["Ja, graag", "is goed", "JA GRAAG!", "2312"], "dialoog/dank": ["is goed.", "113"]}))
    assert len(problems) == 2
    assert 'alles.yml:8, dialoog/ja: "JA GRAAG!" staat er al (alles.yml:6)' in problems[0]
    assert 'dialoog/dank: "is goed." staat ook bij dialoog/ja (alles.yml:7)' in problems[1]


def test_an_unknown_intent_is_said(tmp_path: Path) -> None:
    root = nlu(tmp_path, {"dialoog/ja": ["jazeker"]})
    edit(root / "data" / "nlu" / "alles.yml", "dialoog_ja", "dialoog_jaa")
    assert others(root) == ["data/nlu/alles.yml:6: 'dialoog_jaa' is geen onderwerp van nlu/topics.py. Verbeter de naam."]


def test_messages_to_measure_with_are_not_trained_on(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    rows = {
        "validation": {"text": "Zeker weten!", "topic": "dialoog/ja"},
        "holdout": {"text": "ja doe dat maar meteen want ik heb haast", "topic": "dialoog/ja"},
        "crisis": {"text": "nou ja zeg", "crisis": False},
    }
    for name, row in rows.items():
        (tmp_path / "tests" / f"{name}.jsonl").write_text(json.dumps({"id": "1", **row}) + "\n", "utf-8")
    texts = ["zeker weten", "nou ja, zeg", "ja doe dat maar meteen want ik hep haast", "ja doe maar"]
    problems = others(nlu(tmp_path, {"dialoog/ja": texts}))
    assert len(problems) == 3
    assert "staat ook in tests/validation.jsonl" in problems[0]
    assert "staat ook in tests/crisis.jsonl" in problems[1]
    assert "is bijna gelijk aan een bericht in tests/holdout.jsonl" in problems[2]


TEMPLATED = [
    "mijn bakker durft niets te vragen, wat doe ik",
    "mijn bakkers durft niets te vragen, wat doe ik",
    "mijn bakker durft niets te vragen wat doe ik nu",
    "wat doe ik, mijn bakker durft niets te vragen",
]
SAME_OPENING = [
    "hoe ga ik om met een kapper die blokkeert",
    "hoe ga ik om met een schilder die blokkeert",
    "hoe ga ik om met een slager die blokkeert",
    "hoe ga ik om met een visser die blokkeert",
]
PLACES = ["welke coach hoort bij tiel", "welke coach hoort bij zwolle", "welke coach hoort bij breda", "welke coach hoort bij assen"]


@pytest.mark.parametrize("texts", [TEMPLATED, SAME_OPENING], ids=["near duplicates", "same opening and rest"])
def test_one_structure_may_be_used_three_times(tmp_path: Path, texts: list[str]) -> None:
    topic = "faalangst/omgaan"
    assert others(nlu(tmp_path, {topic: texts[:3]})) == []
    (problem,) = others(nlu(tmp_path, {topic: ["iets heel anders over het werk", *texts]}))
    assert re.match(r"data/nlu/alles\.yml:7, faalangst/omgaan: 4 voorbeelden hebben dezelfde bouw als ", problem)
    assert "alles.yml:7, alles.yml:8, alles.yml:9, alles.yml:10" in problem


def test_another_town_is_the_same_structure(tmp_path: Path) -> None:
    shutil.copytree(PROJECT_ROOT / "data" / "regions", tmp_path / "data" / "regions")
    (problem,) = others(nlu(tmp_path, {"regio/zoeken": PLACES}))
    assert "4 voorbeelden hebben dezelfde bouw" in problem


def test_the_same_opening_with_another_rest_is_fine(tmp_path: Path) -> None:
    texts = [
        "ja ik zit even hier met een jongen die na elke opmerking dichtklapt",
        "ja ik zit even te denken, is dat nou onwil",
        "ja ik zit even met de handen in het haar om onze stagiaire",
        "ja ik zit even: hoe lang laat je zoiets lopen voor je ingrijpt?",
        "ja ik zit even na dat gesprek van gisteren en ik weet het niet meer",
    ]
    assert others(nlu(tmp_path, {"faalangst/omgaan": texts})) == []


def test_an_example_is_added_to_its_own_file_and_nothing_else_changes(tmp_path: Path) -> None:
    folder = tmp_path / "nlu"
    folder.mkdir()
    before = (
        'version: "3.1"\n# niet weghalen\nnlu:\n- intent: dialoog_ja\n  examples: |\n    - jazeker\n\n'
        "- intent: dialoog_nee\n  examples: |\n    - neuh\n"
    )
    (folder / "dialoog.yml").write_text(before, "utf-8")
    path = examples.add("dialoog/ja", " - doe\nmaar, bel [telefoonnummer] ", folder=folder)
    assert path == folder / "dialoog.yml"
    assert path.read_text("utf-8") == before.replace("    - jazeker\n", "    - jazeker\n    - doe maar, bel telefoonnummer\n")
    assert [(row.text, row.topic) for row in examples.read(folder)] == [
        ("jazeker", "dialoog/ja"),
        ("doe maar, bel telefoonnummer", "dialoog/ja"),
        ("neuh", "dialoog/nee"),
    ]
    new = examples.add("coach/spreken", "kan er iemand meedenken", folder=folder)
    assert new.name == "coach.yml"
    assert [row.intent for row in examples.read(folder)][0] == "coach_spreken"


@pytest.mark.parametrize(
    ("topic", "text", "said"),
    [
        ("dialoog/misschien", "wie weet", "geen onderwerp"),
        ("dialoog/ja", " [] ", "geen tekst"),
        ("dialoog/dank", "Jazeker!", "bestaat al: dialoog.yml:5, onderwerp dialoog/ja"),
        ("dialoog/ja", "zeker weten", "daarmee wordt gemeten"),
    ],
)
def test_what_cannot_be_an_example_is_refused(tmp_path: Path, topic: str, text: str, said: str) -> None:
    (tmp_path / "dialoog.yml").write_text('version: "3.1"\nnlu:\n- intent: dialoog_ja\n  examples: |\n    - jazeker\n', "utf-8")
    with pytest.raises(examples.ExampleError, match=re.escape(said)):
        examples.add(topic, text, folder=tmp_path, measuring={"zeker weten": "tests/validation.jsonl"})
    assert len(examples.read(tmp_path)) == 1
