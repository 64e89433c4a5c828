"""Dutch lemmas from spaCy's lookup table, reduced to the words of the training data.

Loading spaCy costs a serving process 7 CPU seconds and 130 MB, of which the lemma table is all that the classifier uses. So the table of
``spacy-lookups-data`` is read when a model is trained, and the model keeps only the inflected forms of lemmas that its examples contain.
The measured gain is in ``bench/understanding.md``.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from collections.abc import Iterable
from pathlib import Path

from nlu.text import normalise, words


def full_table() -> dict[str, str]:
    """Word form to lemma, as spaCy's Dutch lookup lemmatizer uses it (some 210,000 forms); empty when the package is absent."""
    spec = importlib.util.find_spec("spacy_lookups_data")
    if spec is None or not spec.submodule_search_locations:
        return {}
    path = Path(next(iter(spec.submodule_search_locations))) / "data" / "nl_lemma_lookup.json.gz"
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        return {str(form): str(lemma) for form, lemma in json.load(handle).items()}


def table_for(texts: Iterable[str]) -> dict[str, str]:
    """The part of the table whose lemmas occur in these texts."""
    table = full_table()
    present = {table.get(word, word) for text in texts for word in words(normalise(text))}
    return {form: lemma for form, lemma in table.items() if lemma in present and form != lemma}
