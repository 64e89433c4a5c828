"""Linear classifier over all topics: one intent, one response key, calibrated confidence.

Features are word, lemma and character n-grams, the mean-subtracted sentence vector, how Dutch the message is, and which kinds of entity it
holds. The model is one matrix (one linear SVM per topic against the rest); a temperature turns its scores into probabilities and is fitted
on messages that the scores were not trained on. ``grens/crisis`` beats everything: a model of its own (:mod:`nlu.crisis`) and the topic model
together raise the alarm, and then no other topic counts.

Why this one: ``bench/understanding.md`` compares it with DIET, logistic regression and others on the same data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, INTENT_RESPONSE_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from nlu import crisis, entities
from nlu.axes import principal_axes
from nlu.conversation_examples import Said, turns_of
from nlu.conversation_examples import read as read_conversations
from nlu.crisis import CrisisModel
from nlu.crisis_certain import only_borrows
from nlu.in_conversation import Before, ConversationModel, Ranking, before_answer
from nlu.language import dutch_probability, kept_dutch_probabilities
from nlu.lemmas import table_for
from nlu.ngrams import NGrams, Row, Sorted, beside_full
from nlu.parts import parts
from nlu.sentence_encoder import described as described_text
from nlu.sentence_encoder import described_texts, description, encoder, sentence_vector
from nlu.shapes import PERSON, ruled_out
from nlu.topics import CRISIS, FALLBACK_INTENT, RETRIEVAL_INTENTS, STARTS_STEPS, base_intent_of, topic_of_intent

Floats = npt.NDArray[np.float32]

TOPICS_ONLY = "topics_only"
"""In the metadata of a message of which only the topics matter: its parts are not searched for danger."""
_ENTITY_KINDS = ("place", "postcode", "region", "phone", "email", "date")
_RANKING_LENGTH = 10
# of the 384 directions of a sentence vector, those in which the examples differ most; with all of them topics are found no better
_AXES = 80
# crises have a model of their own; with a third of them among the topics the others are told apart better, and training takes a fifth less
_CRISES_ONE_IN = 3
# and from areas of which no message comes near danger the crisis model learns as much from a fifth, in less time
_FAR_FROM_DANGER = frozenset(
    {"dialoog", "bot", "regio", "vervolg", "regeling", "instrument", "ips", "coach", "werkafspraken", "opvolging", "netwerk", "privacy"}
)
_FAR_ONE_IN = 5
# how much the log-odds of the topic model count beside the score of the crisis model, and what their sum must pass
_TOPIC_SHARE = 0.1
_ALARM = -1.0
# how much more a message sounds like danger when its words leave no doubt; a model sure of the contrary has the last word: a training, a
# play, what was over ten years ago
_CERTAIN = 1.35
# an alarm above this one is sure; after one below it the conversation goes on more easily: see `unsure_alarm` in the parsed message
_SURE_ALARM = 0.1
# between this and the alarm the topic stays what it is, but the numbers are shown with the answer: see `worry` in the parsed message
_WORRY = -1.6
# whatever a model is sure of: words that leave no doubt always come with the numbers
_LEAST_WHEN_CERTAIN = -1.0
# how much less a message sounds like danger when its words stand in an everyday phrase ("zelfmoord voor mijn bedrijf")
_BORROWED = 2.0
# how much less a part of a message counts than the message alone; a whole that sounds so little like danger only leaves the numbers
_IN_PART, _WHOLE_DENIES = 1.2, -1.7
_IDIOM = crisis.NAMES.index("idiom")
# a message that names nothing dangerous ("er is gedoe met een collega") must sound much more like it
_NOTHING_NAMED = 0.3
# what starts a form at once needs more, unless the words name a person
_SURE_OF_PERSON = 0.75
_SURE_OF_STEPS = 0.5
_NAMES_PERSON = re.compile(r"coach|begeleider|mens\b|persoon|deskundige|collega van (?:u|jullie)|terugbel|bel(?:t u)? (?:me|mij|ons)\b|langs ?kom")
_TELLS_NOTHING = frozenset(
    {"he_she", "i", "now", "want", "took", "going_to", "ask_safety", "afraid", "missing", "weak_place", "stop_being", "distress"}
)


def side_features(text: str, entities: Sequence[dict[str, Any]], dutch: float) -> list[float]:
    """Dutch (a probability) or not, which kinds of entity, whether one entity is the whole message, and how long it is."""
    kinds = {entity["entity"] for entity in entities}
    covered = sum(entity["end"] - entity["start"] for entity in entities if entity["entity"] in _ENTITY_KINDS)
    length = len(text.split())
    return [
        1.0 - dutch,
        1.0 if dutch < 0.1 else 0.0,
        *(0.5 if kind in kinds else 0.0 for kind in _ENTITY_KINDS),
        1.0 if covered >= 0.8 * max(len(text.strip()), 1) else 0.0,
        0.5 if length <= 2 else 0.0,
        0.3 if length <= 5 else 0.0,
        0.3 if length > 25 else 0.0,
    ]


def _thinned(texts: Sequence[str], plenty: Sequence[bool], one_in: int) -> npt.NDArray[np.intp]:
    """Which examples to learn from: all, but ``one_in`` so many of those there are plenty of."""
    from nlu.training import parts_of

    return np.flatnonzero(~np.asarray(plenty, bool) | (parts_of(texts, one_in) == 0))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """Rasa intent classifier that also fills the response selector's output; see the module's text."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "dense_weight": 1.0,
            "regularisation": 0.3,
            "lemmas": True,
            # what the crisis lexicons find in the examples
            "cache": ".cache/crisis.npz",
            # how Dutch each of them is
            "language_cache": ".cache/language.npz",
            # example conversations, and what the encoder and the identifier make of their messages
            "conversations": "data/conversations",
            "conversation_cache": ".cache/conversations.npz",
            "conversation_language_cache": ".cache/conversations_language.npz",
            # below this confidence the assistant offers choices instead of an answer
            "threshold": 0.3,
            # added to the score of `vervolg/*` when the conversation already knows a behaviour
            "follow_up_bonus": 0.15,
        }

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._ngrams = NGrams()
        self._mean: Floats = np.zeros(0, np.float32)
        self._axes: Floats = np.zeros((0, 0), np.float32)
        self._weights: Floats = np.zeros((0, 0), np.float32)
        self._bias: Floats = np.zeros(0, np.float32)
        self._topics: list[str] = []
        self._temperature = 1.0
        self._crisis: CrisisModel | None = None
        self._conversations = ConversationModel()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> TopicClassifier:
        return cls(config, model_storage, resource)

    # --- training -------------------------------------------------------------------------------

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all messages with an intent; needs at least two topics.

        Raises:
            ValueError: for an intent that is no topic of :mod:`nlu.topics`.
        """
        from nlu.training import fit

        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [str(example.get(TEXT)) for example in examples]
        topics = []
        for example in examples:
            name = example.get(INTENT_RESPONSE_KEY) or example.get(INTENT)
            full = name if "/" in str(name) else example.get(INTENT)
            topic = topic_of_intent(full)
            if topic is None:
                raise ValueError(f"'{full}' is geen onderwerp. Kies een id uit nlu/topics.py, of voeg het daar toe.")
            topics.append(topic)
        self._ngrams = NGrams(lemmas=table_for(texts) if self._config["lemmas"] else {})
        grams = self._ngrams.fit_transform(texts)
        attached = [described for example in examples if (described := description(example)) is not None]
        described = np.stack(attached) if attached and len(attached) == len(examples) else None
        if described is not None:
            self._mean = sentence_vector(described).mean(axis=0)
            self._axes = principal_axes(sentence_vector(described) - self._mean, _AXES)
        vectors = [None] * len(texts) if described is None else list(sentence_vector(described))
        dutch = kept_dutch_probabilities(texts, Path(self._config["language_cache"])).tolist()
        side = [side_features(text, example.get(ENTITIES) or [], sure) for text, example, sure in zip(texts, examples, dutch, strict=True)]
        told = read_conversations(Path(self._config["conversations"]))
        heard = self._heard(told)
        with ThreadPoolExecutor(1) as pool:  # fitting happens outside the interpreter's lock: meanwhile the concepts of a crisis are looked for
            rows = _thinned(texts, [topic == CRISIS for topic in topics], _CRISES_ONE_IN)
            features = self._features(grams[rows], [side[row] for row in rows], [vectors[row] for row in rows])
            regularisation = float(self._config["regularisation"])
            fitting = pool.submit(fit, features, [texts[row] for row in rows], [topics[row] for row in rows], regularisation=regularisation)
            if CRISIS in topics and len(set(topics)) > 1:
                rows = _thinned(texts, [topic.split("/")[0] in _FAR_FROM_DANGER for topic in topics], _FAR_ONE_IN)
                self._crisis = self._fit_crisis(
                    [texts[row] for row in rows],
                    [topics[row] == CRISIS for row in rows],
                    None if described is None else described[rows],
                    grams[rows],
                    told,
                    heard,
                )
            fitted = fitting.result()
        self._topics, self._weights, self._bias, self._temperature = fitted.topics, fitted.weights, fitted.bias, fitted.temperature
        self._conversations = self._fit_conversations(told, heard)
        self._persist()
        return self._resource

    def _heard(self, conversations: Sequence[Sequence[Said]]) -> dict[str, Floats]:
        """Descriptions of all that is read of the conversations, by text; none without an encoder."""
        texts = {said.text for conversation in conversations for said in conversation}
        texts = texts.union(*(turn.readings for conversation in conversations for turn in turns_of(conversation)))
        model = encoder() if self._mean.size else None
        if not texts or model is None:
            return {}
        known = sorted(texts)
        return dict(zip(known, described_texts(known, Path(self._config["conversation_cache"]), model), strict=True))

    def _fit_crisis(
        self,
        texts: list[str],
        is_crisis: list[bool],
        described: Floats | None,
        grams: csr_matrix,
        conversations: Sequence[Sequence[Said]],
        heard: Mapping[str, Floats],
    ) -> CrisisModel:
        """The crisis model of the examples, and of the example conversations, in which nobody is in danger."""
        told = sorted({said.text for conversation in conversations for said in conversation} - set(texts))
        if told and heard and described is not None:
            described = np.vstack([described, *(heard[text] for text in told)])
        if told:
            grams = vstack([grams, self._ngrams.transform(told)], format="csr")
        texts, is_crisis = [*texts, *told], [*is_crisis, *[False] * len(told)]
        found = crisis.kept_finding_rows(texts, Path(self._config["cache"]))
        return crisis.fit(texts, is_crisis, described, ngrams=self._ngrams, grams=grams, found=found)

    def _fit_conversations(self, conversations: Sequence[Sequence[Said]], heard: Mapping[str, Floats]) -> ConversationModel:
        """What the example conversations teach about messages in the middle of one, as the model of topics reads them."""
        from nlu import conversation_fit

        turns = [turn for conversation in conversations for turn in turns_of(conversation)]
        if len(turns) < conversation_fit.FEWEST:
            return ConversationModel()
        texts = sorted({text for turn in turns for text in turn.readings})
        place = {text: row for row, text in enumerate(texts)}
        vectors = sentence_vector(np.stack([heard[text] for text in texts])) if heard else None
        dense = None if vectors is None else np.stack([self._centred(vectors[place[turn.text]]) for turn in turns])
        rankings = self._rankings(texts, vectors)
        readings = [[rankings[place[text]] for text in turn.readings] for turn in turns]
        return conversation_fit.fit(turns, readings, dense, before_answer)

    def _rankings(self, texts: Sequence[str], vectors: Floats | None) -> list[list[tuple[str, float]]]:
        """How the fitted model ranks the topics of texts in which nobody is in danger."""
        dutch = kept_dutch_probabilities(texts, Path(self._config["conversation_language_cache"])).tolist()
        found = [[{"entity": one.kind, "start": one.start, "end": one.end} for one in entities.find(text)] for text in texts]
        side = [side_features(text, each, sure) for text, each, sure in zip(texts, found, dutch, strict=True)]
        features = self._features(self._ngrams.transform(texts), side, [None] * len(texts) if vectors is None else list(vectors))
        rankings = []
        for text, scores in zip(texts, np.asarray(features @ self._weights) + self._bias, strict=True):
            probabilities = _softmax(scores / self._temperature)
            self._leave_out({CRISIS} | ruled_out(text), probabilities)
            rankings.append(self._ranked(probabilities))
        return rankings

    def _ranked(self, probabilities: Floats) -> list[tuple[str, float]]:
        return [(self._topics[i], float(probabilities[i])) for i in np.argsort(-probabilities)[:_RANKING_LENGTH]]

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            np.save(folder / "weights.npy", self._weights.astype(np.float16))
            np.savez(  # the archive around it is compressed
                folder / "numbers.npz",
                bias=self._bias,
                mean=self._mean,
                axes=self._axes,
                idf=self._ngrams.idf,
                **(self._crisis.to_arrays() if self._crisis else {}),
                **self._conversations.to_arrays(),
            )
            about = {
                "topics": self._topics,
                "temperature": self._temperature,
                "grams": list(self._ngrams.columns),
                "lemmas": dict(self._ngrams.lemmas),
            }
            (folder / "about.json").write_text(json.dumps(about, ensure_ascii=False), "utf-8")

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        self = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            about = json.loads((folder / "about.json").read_text("utf-8"))
            # half precision, and read when needed: a message needs a few hundred of the 200,000 rows
            self._weights = np.load(folder / "weights.npy", mmap_mode="r").view(np.ndarray)
            with np.load(folder / "numbers.npz") as stored:
                self._bias, self._mean, self._axes = stored["bias"], stored["mean"], stored["axes"]
                self._ngrams = NGrams(Sorted(about["grams"]), stored["idf"], about["lemmas"])
                self._crisis = CrisisModel.from_arrays(stored, self._ngrams) if "crisis_weights" in stored else None
                self._conversations = ConversationModel.from_arrays(stored)
        self._topics = about["topics"]
        self._temperature = float(about["temperature"])
        return self

    # --- reading a message ----------------------------------------------------------------------

    def reread(self, text: str, readings: Sequence[Ranking], before: Before) -> list[tuple[str, float]]:
        """The topics that a message may be about after an answer: :meth:`nlu.in_conversation.ConversationModel.rank`."""
        described = described_text(text) if self._mean.size else None
        return self._conversations.rank(text, None if described is None else self._centred(sentence_vector(described)), readings, before)

    def _features(self, grams: csr_matrix, side: Sequence[Sequence[float]], vectors: Sequence[Floats | None]) -> csr_matrix:
        behind = np.array(side, np.float32)
        if not self._mean.size:
            return beside_full(grams, behind)
        dense = np.zeros((len(vectors), self._axes.shape[1]), np.float32)
        for row, vector in enumerate(vectors):
            if vector is not None:
                dense[row] = self._centred(vector)
        return beside_full(grams, np.hstack([behind, dense]))

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text and self._topics:
                self._classify(message, str(text), tracker)
        return messages

    def _scores(self, row: Row, side: Sequence[float], vector: Floats | None) -> Floats:
        """Scores of one message ``(topics,)``: the product of :meth:`_features` and the weights, without a sparse matrix in between."""
        grams = len(self._ngrams.columns)
        scores = row.weights @ self._weights[row.columns].astype(np.float32) + self._bias
        scores += np.asarray(side, np.float32) @ self._weights[grams : grams + len(side)].astype(np.float32)
        if vector is not None and self._mean.size:
            scores += self._centred(vector) @ self._weights[grams + len(side) :].astype(np.float32)
        return scores

    def _centred(self, vector: Floats) -> Floats:
        centred = vector - self._mean
        weighed: Floats = centred * np.float32(float(self._config["dense_weight"]) / max(float(np.linalg.norm(centred)), 1e-6))
        return weighed @ self._axes

    def _classify(self, message: Message, text: str, tracker: DialogueStateTracker | None) -> None:
        described = description(message)
        row = self._ngrams.row(text)
        scores = self._scores(row, side_features(text, message.get(ENTITIES) or [], dutch_probability(text)), _vector_of(described))
        if tracker is not None and tracker.slots.get("behaviour") and tracker.get_slot("behaviour"):
            for column, topic in enumerate(self._topics):
                if topic.startswith("vervolg/"):
                    scores[column] += float(self._config["follow_up_bonus"])
        probabilities = _softmax(scores / self._temperature)
        danger = self._danger(text, row, described, probabilities)
        if danger <= _ALARM and described is not None and not (message.get(METADATA) or {}).get(TOPICS_ONLY):
            danger = max(danger, self._danger_in_parts(text, danger))
        alarm = danger > _ALARM
        message.set("unsure_alarm", alarm and danger <= _SURE_ALARM, add_to_output=True)
        message.set("worry", not alarm and danger > _WORRY, add_to_output=True)
        if not alarm:  # then it is one of the others
            self._leave_out({CRISIS}, probabilities)
        self._leave_out(ruled_out(text), probabilities)
        ranking = self._ranked(probabilities)
        if alarm:
            ranking = [(CRISIS, max(dict(ranking).get(CRISIS, 0.0), 0.9)), *((t, p) for t, p in ranking if t != CRISIS)]
        self._fill(message, ranking)

    def _leave_out(self, topics: Collection[str], probabilities: Floats) -> None:
        """Take topics out of the running; the others share what they would have had."""
        for topic in topics:
            if topic in self._topics:
                probabilities[self._topics.index(topic)] = 0.0
        probabilities /= max(float(probabilities.sum()), 1e-6)

    def _danger(self, text: str, row: Row, described: Floats | None, probabilities: Floats) -> float:
        """How much the message sounds like danger to life: a score that :data:`_ALARM` and :data:`_WORRY` are thresholds of."""
        if self._crisis is None:
            return -np.inf
        found = crisis.findings(text)
        likely = float(np.clip(probabilities[self._topics.index(CRISIS)], 1e-4, 1 - 1e-4))
        words = [number for number in found if number != crisis.CERTAIN]
        beyond = self._crisis.score(text, described, row=row, found=words) - self._crisis.threshold
        score = beyond + _TOPIC_SHARE * float(np.log(likely / (1 - likely)))
        if crisis.CERTAIN in found:
            return np.inf if described is None else max(score + _CERTAIN, _LEAST_WHEN_CERTAIN)
        if _IDIOM in words and only_borrows(text):
            score -= _BORROWED
        telling = {crisis.NAMES[number] for number in words} - _TELLS_NOTHING
        return score if telling else score - _NOTHING_NAMED

    def _danger_in_parts(self, text: str, of_whole: float) -> float:
        """How much the part of a longer message that sounds most like danger makes the whole sound like it."""
        scores = [-np.inf]
        for part in parts(text):
            described, row = described_text(part), self._ngrams.row(part)
            likely = self._scores(row, side_features(part, [], dutch_probability(part)), _vector_of(described))
            scores.append(self._danger(part, row, described, _softmax(likely / self._temperature)))
        danger = max(scores) - _IN_PART
        return danger if of_whole > _WHOLE_DENIES else min(danger, _ALARM)

    def _needed(self, topic: str, text: str) -> float:
        """The confidence from which a topic is acted upon: more for what starts steps, or a person in words that name none ("elke dag bellen?")."""
        needed = float(self._config["threshold"])
        if topic in STARTS_STEPS:
            return max(needed, _SURE_OF_STEPS)
        return max(needed, _SURE_OF_PERSON) if topic in PERSON and not _NAMES_PERSON.search(text.lower()) else needed

    def _fill(self, message: Message, ranking: list[tuple[str, float]]) -> None:
        topic, confidence = ranking[0]
        name = base_intent_of(topic) if confidence >= self._needed(topic, str(message.get(TEXT))) else FALLBACK_INTENT
        message.set("topics", [{"topic": t, "confidence": round(p, 4)} for t, p in ranking], add_to_output=True)
        message.set(INTENT, {"name": name, "confidence": confidence}, add_to_output=True)
        bases: dict[str, float] = {}
        for ranked, probability in ranking:
            bases[base_intent_of(ranked)] = bases.get(base_intent_of(ranked), 0.0) + probability
        message.set(INTENT_RANKING_KEY, [{"name": n, "confidence": p} for n, p in bases.items()], add_to_output=True)
        selector: dict[str, Any] = {"all_retrieval_intents": list(RETRIEVAL_INTENTS)}
        if name in RETRIEVAL_INTENTS:
            selector[name] = {
                "response": {
                    "responses": [],
                    "confidence": confidence,
                    "intent_response_key": topic,
                    "utter_action": f"utter_{topic}",
                },
                "ranking": [
                    {"confidence": p, "intent_response_key": t} for t, p in ranking if base_intent_of(t) == name
                ],
            }
        message.set("response_selector", selector, add_to_output=True)


def _vector_of(described: Floats | None) -> Floats | None:
    return None if described is None else sentence_vector(described)


def _softmax(scores: Floats) -> Floats:
    shifted = np.exp(scores - scores.max())
    result: Floats = shifted / shifted.sum()
    return result
