"""When a message is about danger to life or safety.

A missed crisis may cost a life, a false alarm annoys; so there is a model of its own for this one question, and it decides alone.
Two things raise the alarm:

* words that leave no doubt, in any common language (:func:`is_certain`); they fire alone, whatever the model thinks;
* a score above a threshold: the sum of a linear support vector machine over word and character n-grams, the sentence vector, the concepts
  of :mod:`nlu.crisis_words` and every pair of concepts (a weapon at the door, pills that were taken), so that wordings nobody wrote down
  before still share features; and of small neural networks over the sentence vector and the concepts.

Fitting needs scikit-learn; scoring is plain NumPy and takes some three milliseconds.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack

from nlu.crisis_words import NAMES, concepts, plain, without_idioms
from nlu.ngrams import NGrams

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_SEED = 20261121
_FOLDS = 5
_CRISIS_WEIGHT = 3.0  # a crisis counts three times: there are far fewer of them
_REGULARISATION = 0.3
_NGRAM_SCALE = 0.7
_DENSE_SCALE = 2.0
_CONCEPT_SCALE = 0.4
_PAIR_SCALE = 0.28
_NETWORK_DENSE_SCALE = 4.0
_NETWORK_SHARE = 0.2  # of the network's log-odds in the sum
_HIDDEN = 48
_NETWORKS = 3  # networks from different starting points, averaged
# share of the other messages that may raise the alarm in cross-validation; the examples stand around the border, real traffic does not
FALSE_ALARMS = 0.004
_PAIRS = np.triu_indices(len(NAMES), 1)

# Words and phrases for suicide, self-harm and attacks. They only ever add an alarm, and only those that have no other use once everyday
# idioms are taken out: everything that needs its context is left to the learned score.
# Languages: nl, en, de, fr, pl, tr, es, pt, it, ro, ar, fa, uk, ru, bg, hu, zh, pap.
_CERTAIN = re.compile(
    r"""
    \b(?:
        zelf\s?moor[dt]\w* | zlefmoord\w* | zelf\s?doding\w* | zelfdodings\w* | su[iï]+[cs]i[dt](?!e\ssquad)\w* | doods?wens\w*
      | doods\s?verlang\w* | levensmoe\w*
      | zelf\s?(?:beschadig|verwond|mutila)\w* | auto\s?mutila\w*
     
      | 113(?:\.nl)?\b(?!\s*(?:euro|km|stuks|liter|kilo|graden|%|medew\w+|mensen|dagen|uur|punten|procent)|[.,:/-]\d
      |\d)(?<![\d.,/-]113)(?<!nummer\s113)
      | wi[lt]\w*\s(?:\w+\s){0,2}(?:dood|doot)\b(?!\s(?:gewicht|hout|tij|spoor)) | dood\swi[lt]\w*\b(?!\s(?:hout|gewicht))
      | wou\sdat\s(?:ik|hij|ze)\s(?:\w+\s)?dood\b | liever\sdood\b
      | ni[et]+\s(?:meer|langer)\s(?:\w+\s){0,2}(?:te\s)?le(?:ve?n?|evn)\b
      | (?:zin|nut)\s(?:\w+\s){0,2}(?:in|van)\s(?:het\s|t\s)?leven\smeer | geen\szin\s(?:meer\s)?(?:in|om)\s(?:het\s|t\s|te\s)leven\b
      | eind(?:e)?\saan\s(?:\w+\s){0,2}(?:mijn|m'?n|zijn|z'?n|haar|d'?r|het|t|hun|me)\sleven | uit\s(?:het|t)\sleven\sstap\w*
      | (?:beroof|berov)\w*\svan\shet\sleven | van\shet\sleven\sbe\w+
      | (?:zich|zichzelf|mij|me|mezelf)\s(?:\w+\s){0,3}van\skant\sma\w* | van\skant\s(?:te\s)?maken
     
      | (?:zichzelf|mezelf|mijzelf|z'?n\seigen|m'?n\seigen|d'?r\seigen|haar\seigen|zijn\seigen|zijn\seige|zn\seige|dr\seige)\s(?:\w+\s){0,3}
        (?:iets|wat)?\s?(?:aan\s?(?:te\s)?(?:doe\w*|doen|gedaan)|aandoe\w*|ophang\w*|opha?ng\w*
        |verwond\w*|van\s(?:het\sleven|kant)|snij\w*|gesneden|krast|snijdt|doden|dood)
      | (?:zich|zichzelf|mezelf|me|mij)\s(?:\w+\s){0,4}(?:verhang\w*|verdrink\w*|voor\sde(?:n)?\strein\w*)
      | opgehangen\sin\sde\s(?:schuur|loods|kleedkamer|stal) | heeft\s(?:zich|zichzelf)\s(?:\w+\s){0,2}(?:opgehangen|van\shet\sleven)
      | (?:polsen|pols|aders)\s(?:door|open)(?:ge)?(?:sn\w+)? | (?:door|open)(?:ge)?s[nj]\w+\s(?:polsen|aders)
      | voor\s(?:de|den|een|n)\s(?:\w+\s)?(?:trein|metro|tram)\s(?:te\s)?(?:spring\w*|gooi\w*|gesprongen|gaan?\b|stap\w*|werp\w*|gesmeten)
      | spri?ng\w*\s(?:\w+\s){0,2}voor\s(?:de|den|een|n)\s(?:trein|metro|tram)
      | overdosis\b(?!\s(?:aan\s)?(?:werk|koffie|info\w*|suiker|prikkels|zon|mail\w*|vergader\w*|regels|gezellig\w*|cafe\w*))
      | bom\s?melding\w* | bom\s?brief\w* | brand\s?bom\w* | schietpartij\w* | steekpartij\w* | gijzel(?:t|ing|nemer)\w*\b(?!\sdoor\ssoft)
      | gegijzeld | hand\s?granaat\w* | molotov\w* | active\sshooter | doods\s?bedreiging\w*
      | met\sde\sdood\s(?:be)?dreig\w* | bedreigd?\s(?:\w+\s)?met\s(?:de\sdood|een\s(?:mes|pistool|wapen|bijl|vuurwapen|geweer|hamer))
      | kill(?:ing)?\s(?:myself|himself|herself|themsel\w+) | (?:end|ending|take|taking)\s(?:my|his|her|their)\s(?:own\s)?life
      | (?:want|wants)\sto\sdie | wanna\sdie | bomb\sthreat | self-?\s?harm\w* | overdosed | overdose\b
      | selbstmord\w* | suizid\w* | (?:mich|sich|uns|mich\sselbst)\sum(?:zu)?bringen | bring\w*\s(?:\w+\s)?(?:mich|sich|uns)\sum\b
      | will\s(?:\w+\s){0,2}sterben | nicht\smehr\sleben | erhängt | überdosis
      | me\ssuicider | se\ssuicid\w+ | me\stuer | se\stuer\b | veux\smourir | envie\sde\smourir | plus\svivre | se\spendre
      | alerte\sà\sla\sbombe
      | samob[oó]j\w* | (?:si[eę]\s(?:zabi[cćj]|powiesi)\w*) | (?:zabij[eę]|powiesił[ao]?)\ssi[eę] | chc[eę]\s(?:już\s)?umrze[cć]
      | nie\sch\w+\s(?:już\s)?żyć
      | intihar\w* | kend(?:ini|imi)\s(?:[oö]ld[uü]r|as[aı])\w* | ölmek\sist\w* | yaşamak\sistem\w*
      | suicidar\w* | suicidi\w* | quitar(?:me|se)\sla\svida | matar(?:me|se) | quier\w+\smorir\w* | no\squier\w+\svivir | quer\w+\smorrer
      | não\squer\w+\s(?:mais\s)?viver
      | uccider(?:mi|si) | togliermi\sla\svita | vogli\w+\smorire | non\svogli\w+\spiù\svivere
      | sinuci\w* | (?:vreau|vrea)\ssă\s(?:mor|moară|se\somoare|mă\somor)\b | nu\smai\sv\w+\ssă\străi\w*
      | самогуб\w* | самоуб\w* | покончи\w*\sс\sсобой | покінчи\w*\sз\s(?:собою|життям)
      | (?:хочу|хоче|хочет)\s(?:умереть|померти|повеситься) | не\sхо\w+\s(?:больше\s|більше\s)?жит[иь]
      | (?:больше|більше)\sне\sхо\w+\sжит[иь]
      | повес\w*ся | повіс\w*ся | самоубия\w* | искам\sда\sумра | öngyilk\w* | meg\sakar\w*\shalni | biba\smas | kier\smuri
    )
    | انتحار | أقتل\sنفسي | ينتحر | قتل\sنفس | سيقتل\sنفس | أن\sأموت | لا\s[أا]ريد\sأن\s[أا]عيش | 自杀 | 不想活 | 想死 | خودکشی
      | خودش\sرا\sمی‌کشد | می‌?خواهم\sبمیرم
    """,
    re.VERBOSE,
)


def is_certain(text: str) -> bool:
    """Whether the message holds a word or phrase that names suicide, self-harm or an attack outright."""
    return _CERTAIN.search(without_idioms(plain(text))) is not None


def _concept_rows(texts: Sequence[str]) -> Floats:
    """Which concepts each message holds: ones and zeros ``(n, concepts)``."""
    rows = np.zeros((len(texts), len(NAMES)), np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[list(concepts(text))] = 1.0
    return rows


@dataclass
class CrisisModel:
    """A fitted model; make one with :func:`fit` or :meth:`from_arrays`.

    ``weights`` and ``bias`` are of the linear part; the columns are n-grams, sentence vector, concepts, pairs. ``networks`` holds per
    network ``(input weights, input bias, output weights, output bias)``; it is empty when the model was fitted without sentence vectors.
    """

    ngrams: NGrams
    mean: Floats
    weights: Floats
    bias: float
    networks: list[tuple[Floats, Floats, Floats, Floats]]
    threshold: float = 0.0

    def _dense(self, vectors: Floats | None, rows: int) -> Floats:
        """Centred vectors of length one; zeros for a message without a vector."""
        if vectors is None or not self.mean.size:
            return np.zeros((rows, self.mean.size), np.float32)
        centred = np.asarray(vectors, np.float32) - self.mean
        result: Floats = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
        return result

    def _linear_inputs(self, texts: Sequence[str], dense: Floats, found: Floats) -> csr_matrix:
        sparse = self.ngrams.transform(texts) * np.float32(_NGRAM_SCALE)
        pairs = csr_matrix(found[:, _PAIRS[0]] * found[:, _PAIRS[1]] * np.float32(_PAIR_SCALE))
        parts = [sparse, csr_matrix(dense * np.float32(_DENSE_SCALE)), csr_matrix(found * np.float32(_CONCEPT_SCALE)), pairs]
        return hstack(parts, format="csr")

    def _network_inputs(self, dense: Floats, found: Floats) -> Floats:
        return np.hstack([dense * np.float32(_NETWORK_DENSE_SCALE), found])

    def sum_up(self, linear: csr_matrix, network: Floats | None) -> Floats:
        """Score ``(n,)`` of rows of features: the linear part, and the networks' mean log-odds where there are vectors."""
        total: Floats = np.asarray(linear @ self.weights, np.float32).ravel() + np.float32(self.bias)
        if network is not None:
            for first, first_bias, second, second_bias in self.networks:
                odds = np.maximum(network @ first + first_bias, 0.0) @ second + second_bias
                total = total + np.clip(odds.ravel(), -12.0, 12.0) * np.float32(_NETWORK_SHARE / len(self.networks))
        return total

    def scores(self, texts: Sequence[str], vectors: Floats | None) -> Floats:
        """Scores of messages ``(n,)`` with vectors ``(n, 384)`` or None; higher is more like a crisis."""
        dense = self._dense(vectors, len(texts))
        found = _concept_rows(texts)
        return self.sum_up(self._linear_inputs(texts, dense, found), None if vectors is None else self._network_inputs(dense, found))

    def score(self, text: str, vector: Floats | None) -> float:
        """Score of one message; ``vector`` is its sentence vector ``(384,)`` or None."""
        return float(self.scores([text], None if vector is None else np.asarray(vector, np.float32)[None, :])[0])

    def alarm(self, text: str, vector: Floats | None) -> bool:
        """Whether this message must be treated as a crisis: words that leave no doubt, or a score above the threshold."""
        return is_certain(text) or self.score(text, vector) > self.threshold

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything as named arrays for ``np.savez``; :meth:`from_arrays` is the way back."""
        arrays: dict[str, npt.NDArray[Any]] = {
            "crisis_grams": np.frombuffer(json.dumps(list(self.ngrams.columns), ensure_ascii=False).encode(), np.uint8),
            "crisis_idf": self.ngrams.idf,
            "crisis_mean": self.mean,
            "crisis_weights": self.weights,
            "crisis_numbers": np.array([self.bias, self.threshold], np.float64),
        }
        for number, parts in enumerate(self.networks):
            arrays.update({f"crisis_network_{number}_{part}": array for part, array in enumerate(parts)})
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> CrisisModel:
        """A model from the arrays of :meth:`to_arrays`; other keys are ignored.

        Raises:
            KeyError: when an array is missing.
        """
        grams = json.loads(bytes(arrays["crisis_grams"]).decode())
        networks: list[tuple[Floats, Floats, Floats, Floats]] = []
        while f"crisis_network_{len(networks)}_0" in arrays:
            first, first_bias, second, second_bias = (arrays[f"crisis_network_{len(networks)}_{part}"] for part in range(4))
            networks.append((first, first_bias, second, second_bias))
        bias, threshold = (float(value) for value in arrays["crisis_numbers"])
        ngrams = NGrams({gram: column for column, gram in enumerate(grams)}, np.asarray(arrays["crisis_idf"]))
        return cls(ngrams, np.asarray(arrays["crisis_mean"]), np.asarray(arrays["crisis_weights"]), bias, networks, threshold)


@dataclass(frozen=True)
class _Inputs:
    """What both parts of the model see of each message: ``linear`` (n, columns) and ``network`` (n, 384 + concepts) or None."""

    linear: csr_matrix
    network: Floats | None


def _fit_parts(model: CrisisModel, inputs: _Inputs, labels: Flags, rows: npt.NDArray[np.int64]) -> CrisisModel:
    """A model with the vocabulary of ``model`` and weights learned from these rows."""
    from sklearn.neural_network import MLPClassifier
    from sklearn.svm import LinearSVC

    fitted = CrisisModel(model.ngrams, model.mean, model.weights, 0.0, [])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit that stops at its last iteration is good enough: the score does not change
        linear = LinearSVC(C=_REGULARISATION, class_weight={True: _CRISIS_WEIGHT, False: 1.0}, max_iter=300, random_state=_SEED)
        linear.fit(inputs.linear[rows], labels[rows])
        fitted.weights, fitted.bias = linear.coef_[0].astype(np.float32), float(linear.intercept_[0])
        if inputs.network is not None:
            for number in range(_NETWORKS):
                network = MLPClassifier(
                    (_HIDDEN,), alpha=0.1, random_state=_SEED + number, max_iter=12, batch_size=min(128, len(rows)), learning_rate_init=2e-3
                )
                network.fit(inputs.network[rows], labels[rows])
                first, second = (weights.astype(np.float32) for weights in network.coefs_)
                first_bias, second_bias = (biases.astype(np.float32) for biases in network.intercepts_)
                fitted.networks.append((first, first_bias, second, second_bias))
    return fitted


def _unseen_scores(model: CrisisModel, inputs: _Inputs, labels: Flags, folds: int) -> Floats:
    """Score of every message under weights that were learned without it ``(n,)``: cross-validation in ``folds`` parts.

    The vocabulary and its weights are shared by the parts: they know no labels.
    """
    fold = np.random.default_rng(_SEED).permutation(len(labels)) % folds
    result = np.zeros(len(labels), np.float32)
    for number in range(folds):
        seen, unseen = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        part = _fit_parts(model, inputs, labels, seen)
        result[unseen] = part.sum_up(inputs.linear[unseen], None if inputs.network is None else inputs.network[unseen])
    return result


def fit(
    texts: Sequence[str], is_crisis: Sequence[bool], vectors: Floats | None, *, false_alarms: float = FALSE_ALARMS, folds: int = _FOLDS
) -> CrisisModel:
    """Fit on messages with ``vectors`` ``(n, 384)`` or None; the same input gives the same model.

    The threshold lies where the share ``false_alarms`` of the other messages, each scored by weights that were learned without it, would
    raise the alarm.

    Raises:
        ValueError: when there is not at least one message of each kind.
    """
    labels = np.asarray(is_crisis, bool)
    if labels.all() or not labels.any():
        raise ValueError("Het crisismodel heeft voorbeelden met en zonder crisis nodig.")
    mean: Floats = np.zeros(0, np.float32) if vectors is None else np.mean(vectors, axis=0, dtype=np.float32)
    model = CrisisModel(NGrams().fit(texts), mean, np.zeros(0, np.float32), 0.0, [])
    dense = model._dense(vectors, len(texts))
    found = _concept_rows(texts)
    inputs = _Inputs(model._linear_inputs(texts, dense, found), None if vectors is None else model._network_inputs(dense, found))
    fitted = _fit_parts(model, inputs, labels, np.arange(len(labels)))
    few = labels.sum() < folds
    unseen = fitted.sum_up(inputs.linear, inputs.network) if few else _unseen_scores(model, inputs, labels, folds)
    fitted.threshold = float(np.quantile(unseen[~labels], 1.0 - false_alarms))
    return fitted


def is_crisis(text: str, score: float, threshold: float) -> bool:
    """Crisis when a learned score passes its threshold, or a word leaves no doubt."""
    return score > threshold or is_certain(text)
