"""Reading training data once must give what Rasa's own reading gives. In a process of its own: it changes Rasa's classes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_SCRIPT = """
import json, sys
from rasa.shared.importers.importer import TrainingDataImporter
if sys.argv[1] == "once":
    from steunwijzer import rasa_reading
    rasa_reading.once()
    rasa_reading.once()
importer = TrainingDataImporter.load_from_dict({}, domain_path=sys.argv[2] + "/domain.yml", training_data_paths=[sys.argv[2]])
data = importer.get_nlu_data()
again = importer.get_nlu_data()
rows = sorted((m.get("text") or "", m.get("intent") or "", str(m.get("entities") or ""), m.get("action_name") or "") for m in data.training_examples)
assert len(again.training_examples) == len(data.training_examples)
domain = importer.get_domain()
print(json.dumps({"rows": rows, "responses": sorted(data.responses), "synonyms": data.entity_synonyms, "intents": sorted(domain.intents),
                  "one": data.fingerprint() == again.fingerprint()}))
"""
_DOMAIN = """
version: "3.1"
intents: [groet, dank, faq]
responses:
  utter_groet: [{text: Dag}]
  utter_faq/een: [{text: Een}]
"""
_FIRST = """
version: "3.1"
nlu:
- intent: groet
  examples: |
    - hallo
    - hallo
    - dag [Tiel](place)
- intent: faq/een
  examples: |
    - wat is een
"""
_SECOND = """
version: "3.1"
nlu:
- intent: dank
  examples: |
    - dank u
    - hallo
- synonym: Tiel
  examples: |
    - tiel-stad
- regex: postcode
  examples: |
    - [0-9]{4}
rules:
- rule: groet
  steps:
  - intent: groet
  - action: utter_groet
"""


def _read(how: str, folder: Path) -> dict[str, object]:
    done = subprocess.run([sys.executable, "-c", _SCRIPT, how, str(folder)], capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_reading_once_gives_what_rasa_reads(tmp_path: Path) -> None:
    for name, text in (("domain.yml", _DOMAIN), ("first.yml", _FIRST), ("second.yml", _SECOND)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    ours, rasas = _read("once", tmp_path), _read("rasa", tmp_path)
    assert ours == rasas
    assert ["hallo", "dank", "", ""] in ours["rows"]  # type: ignore[operator]
