"""What serving costs: CPU time from start to the first answer, memory, and CPU time per message, with and without the sentence encoder.

    .venv/bin/python -m bench.serving

The alternative in the same run is the same model loaded by stock Rasa (`rasa.core.agent` imported as it is, TensorFlow included).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

_MEASURE = """
import asyncio, json, resource, statistics, sys, time
from pathlib import Path
lean, with_encoder = sys.argv[1] == "lean", sys.argv[2] == "encoder"
if lean:
    from connectors import lean as imports
    imports.prepare()
import warnings; warnings.simplefilter("ignore")
if not with_encoder:
    import nlu.sentence_encoder as se
    se.encoder = lambda: None
texts = [json.loads(line)["text"] for line in open("tests/validation.jsonl", encoding="utf-8")]
if lean:
    from connectors.bot import Bot, newest_model
    bot = Bot(newest_model(Path("models")))
    run = lambda text, who: asyncio.run(bot.reply(who, text))
else:
    import structlog, logging
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    from rasa.core.agent import load_agent
    from connectors.bot import newest_model
    from connectors.output import TurnOutput
    from connectors.local_actions import LocalActions
    from actions.nlg import AnswerBank
    from rasa.core.channels.channel import UserMessage
    from rasa.core.agent import Agent
    agent = Agent(generator=AnswerBank(), action_endpoint=LocalActions())
    agent.load_model(str(newest_model(Path("models"))))
    run = lambda text, who: asyncio.run(agent.handle_message(UserMessage(text, TurnOutput(), who)))
run("mijn medewerker durft niets te vragen", "eerste")
start = time.process_time()
used = []
for number, text in enumerate(texts):
    before = time.process_time()
    run(text, f"bezoeker-{number // 10}")
    used.append(1000 * (time.process_time() - before))
rss = int(next(l for l in open("/proc/self/status") if l.startswith("VmRSS")).split()[1]) / 1024
print(json.dumps({"start": start, "rss": rss, "median": statistics.median(used), "most": max(used)}))
"""


def measure(imports: str, encoder: str) -> dict[str, float]:
    """One fresh process: CPU seconds to the first answer, resident MB, CPU ms per message."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, imports, encoder], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def main() -> None:
    """Print the table."""
    rows = {
        "Steunwijzer": measure("lean", "encoder"),
        "Steunwijzer zonder encoder": measure("lean", "geen"),
        "stock Rasa, zelfde model": measure("stock", "encoder"),
    }
    print("| wat | CPU s tot eerste antwoord | MB in gebruik | CPU ms per bericht (mediaan) | langste |")
    print("| --- | --- | --- | --- | --- |")
    for name, row in rows.items():
        print(f"| {name} | {row['start']:.1f} | {row['rss']:.0f} | {row['median']:.0f} | {row['most']:.0f} |")


if __name__ == "__main__":
    main()
