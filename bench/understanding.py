"""Which classifier understands best: the candidates on the same examples, measured on the same messages.

    .venv/bin/python -m bench.understanding                    # our own candidates on all examples (some minutes)
    .venv/bin/python -m bench.understanding --stock --per-topic 25   # Rasa's DIET and LogisticRegression too, on fewer examples (very slow)

Every candidate sees the same n-grams and the same sentence vectors. The table goes to standard output; bench/understanding.md holds it.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import asyncio
import json
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from scipy.sparse import csr_matrix, hstack

from nlu.lemmas import table_for
from nlu.ngrams import NGrams
from nlu.sentence_encoder import described_texts, encoder, sentence_vector
from nlu.topics import topic_of_intent

ROOT = Path(__file__).parents[1]
Array = npt.NDArray[Any]


def examples(per_topic: int | None) -> tuple[list[str], Array]:
    """Training messages and their topics; at most ``per_topic`` of each, evenly spread over its list."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            topic = topic_of_intent(block["intent"])
            if topic:
                found[topic] += [line.strip()[2:] for line in block["examples"].splitlines() if line.strip()]
    rows = []
    for topic, texts in found.items():
        step = max(1, len(texts) // per_topic) if per_topic else 1
        rows += [(text, topic) for text in texts[::step][: per_topic or None]]
    return [text for text, _ in rows], np.array([topic for _, topic in rows])


def measuring(name: str) -> tuple[list[str], Array]:
    """Messages and topics of a measuring set under ``tests/``."""
    rows = [json.loads(line) for line in (ROOT / "tests" / f"{name}.jsonl").open(encoding="utf-8")]
    return [row["text"] for row in rows], np.array([row["topic"] for row in rows])


def scores(predicted: Iterable[str], truth: Array) -> str:
    """Topic and area accuracy as text."""
    guessed = np.array(list(predicted))
    areas = np.mean([a.split("/")[0] == b.split("/")[0] for a, b in zip(guessed, truth)])
    return f"{100 * np.mean(guessed == truth):5.1f} % {100 * areas:5.1f} %"


def own_candidates(texts: list[str], topics: Array, sets: dict[str, tuple[list[str], Array]]) -> None:
    """Linear SVM, logistic regression, shrinkage LDA and a small MLP on n-grams, sentence vectors and both."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.svm import LinearSVC

    model = encoder()
    assert model is not None

    def vectors(some: list[str]) -> Array:
        return sentence_vector(described_texts(some, ROOT / ".cache" / "vectors.npz", model))

    dense, mean = _centred(vectors(texts), None)
    plain = NGrams().fit(texts)
    lemmas = NGrams(lemmas=table_for(texts)).fit(texts)
    inputs: dict[str, Callable[[list[str]], csr_matrix]] = {
        "n-grammen": plain.transform,
        "e5": lambda some: csr_matrix(_centred(vectors(some), mean)[0]),
        "n-grammen + e5": lambda some: hstack([plain.transform(some), csr_matrix(_centred(vectors(some), mean)[0])], "csr"),
        "n-grammen + lemma's + e5": lambda some: hstack(
            [lemmas.transform(some), csr_matrix(_centred(vectors(some), mean)[0])], "csr"
        ),
    }
    svd = TruncatedSVD(300, random_state=0).fit(plain.transform(texts))
    inputs["svd(n-grammen) + e5"] = lambda some: np.hstack(
        [svd.transform(plain.transform(some)), _centred(vectors(some), mean)[0]]
    )
    for name, kind, make in [
        ("lineaire SVM", "n-grammen", lambda: LinearSVC(C=0.3)),
        ("lineaire SVM", "e5", lambda: LinearSVC(C=0.3)),
        ("lineaire SVM", "n-grammen + e5", lambda: LinearSVC(C=0.3)),
        ("lineaire SVM", "n-grammen + lemma's + e5", lambda: LinearSVC(C=0.3)),
        ("logistische regressie", "svd(n-grammen) + e5", lambda: LogisticRegression(C=30, max_iter=300)),
        ("shrinkage LDA", "svd(n-grammen) + e5", lambda: LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.1)),
        ("MLP 256", "svd(n-grammen) + e5", lambda: MLPClassifier((256,), max_iter=30, random_state=0)),
    ]:
        started = time.process_time()
        fitted = make().fit(inputs[kind](texts), topics)
        seconds = time.process_time() - started
        row = " | ".join(scores(fitted.predict(inputs[kind](some)), truth) for some, truth in sets.values())
        print(f"| {name} | {kind} | {len(texts)} | {row} | {seconds:.0f} s |", flush=True)


def _centred(vectors: Array, mean: Array | None) -> tuple[Array, Array]:
    middle = vectors.mean(axis=0) if mean is None else mean
    moved = vectors - middle
    return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6), middle


_FEATURES = """
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
    max_ngram: 2
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 2
    max_ngram: 5
    min_df: 2
  - name: nlu.sentence_encoder.SentenceEncoder
"""
_STOCK = {
    "Rasa LogisticRegressionClassifier": _FEATURES + "  - name: LogisticRegressionClassifier\n    max_iter: 100\n",
    "Rasa DIETClassifier (40 rondes)": _FEATURES
    + "  - name: DIETClassifier\n    epochs: 40\n    entity_recognition: false\n    constrain_similarities: true\n",
}


def stock_candidates(texts: list[str], topics: Array, sets: dict[str, tuple[list[str], Array]]) -> None:
    """Rasa's own classifiers on the same messages, every topic as a plain intent."""
    from rasa.core.agent import load_agent
    from rasa.model_training import train_nlu

    with tempfile.TemporaryDirectory() as folder:
        blocks = [
            {"intent": topic.replace("/", "__"), "examples": "".join(f"- {t}\n" for t, y in zip(texts, topics) if y == topic)}
            for topic in sorted(set(topics))
        ]
        nlu = Path(folder) / "nlu.yml"
        nlu.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, width=10_000), "utf-8")
        for name, pipeline in _STOCK.items():
            config = Path(folder) / "config.yml"
            config.write_text(f"recipe: default.v1\nassistant_id: bench\nlanguage: nl\npipeline:{pipeline}", "utf-8")
            started = time.process_time()
            model = train_nlu(str(config), str(nlu), folder)
            seconds = time.process_time() - started
            agent = asyncio.run(load_agent(model_path=model))

            async def classify(some: list[str], agent: Any = agent) -> list[str]:
                return [str((await agent.parse_message(text))["intent"]["name"]).replace("__", "/") for text in some]

            row = " | ".join(scores(asyncio.run(classify(some)), truth) for some, truth in sets.values())
            print(f"| {name} | n-grammen + e5 | {len(texts)} | {row} | {seconds:.0f} s |", flush=True)


def main() -> None:
    """Print a table."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser()
    parser.add_argument("--per-topic", type=int)
    parser.add_argument("--stock", action="store_true")
    arguments = parser.parse_args()
    texts, topics = examples(arguments.per_topic)
    sets = {name: measuring(name) for name in ("validation", "holdout")}
    print("| kandidaat | kenmerken | voorbeelden | validation: onderwerp, gebied | holdout: onderwerp, gebied | trainen (CPU) |")
    print("| --- | --- | --- | --- | --- | --- |")
    own_candidates(texts, topics, sets)
    if arguments.stock:
        stock_candidates(texts, topics, sets)


if __name__ == "__main__":
    main()
