"""What serving costs: CPU time from start to the first answer, memory, and CPU time per message.

    .venv/bin/python -m bench.serving

The first two rows are the real server (`steunwijzer serve`) with a fresh SQLite database, asked over HTTP: everything counts, from the import of
Python's first module to the stored answer. The other rows are one process with nothing but Rasa's agent, the same model and the same actions:
imported as here, and the alternative, imported as stock Rasa does, TensorFlow included.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from serving import Visitor, serving

_FIRST = "mijn medewerker durft niets te vragen"
_PER_CONVERSATION = 10
_AGENT = """
import asyncio, json, statistics, sys, time
from pathlib import Path
import warnings; warnings.simplefilter("ignore")
if sys.argv[1] == "lean":
    from connectors.lean import prepare
    prepare()
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from actions.nlg import AnswerBank
from connectors.bot import newest_model, quiet_rasa
from connectors.local_actions import LocalActions
from connectors.output import TurnOutput
quiet_rasa()
agent = Agent(generator=AnswerBank(), action_endpoint=LocalActions())
agent.load_model(str(newest_model(Path("models"))))
def say(text, who):
    asyncio.run(agent.handle_message(UserMessage(text, TurnOutput(), who)))
say(sys.argv[2], "eerste")
start = time.process_time()
used = []
for number, text in enumerate(json.load(sys.stdin)):
    before = time.process_time()
    say(text, f"bezoeker-{number // 10}")
    used.append(1000 * (time.process_time() - before))
rss = int(next(l for l in open("/proc/self/status") if l.startswith("VmRSS")).split()[1]) / 1024
print(json.dumps({"start": start, "rss": rss, "median": statistics.median(used), "most": max(used)}))
"""


def texts() -> list[str]:
    """The messages that are said: the measuring set, ten to a conversation."""
    return [json.loads(line)["text"] for line in (ROOT / "tests" / "validation.jsonl").open(encoding="utf-8")]


def server(encoder: bool) -> dict[str, float]:
    """The real server: CPU seconds to the first answer, resident MB after all messages, CPU ms per message."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), **({} if encoder else {"sentence_encoder": "false"})) as running:
        assert running.process is not None
        process = psutil.Process(running.process.pid)

        def cpu() -> float:
            times = process.cpu_times()
            return float(times.user + times.system)

        Visitor(running.url).say(_FIRST)
        start = cpu()
        used = []
        for number, text in enumerate(texts()):
            if number % _PER_CONVERSATION == 0:
                visitor = Visitor(running.url)
            before = cpu()
            visitor.say(text)
            used.append(1000 * (cpu() - before))
        rss = process.memory_info().rss / 2**20
    return {"start": start, "rss": rss, "median": statistics.median(used), "most": max(used)}


def agent(imports: str) -> dict[str, float]:
    """One fresh process with an agent: the same figures."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-c", _AGENT, imports, _FIRST],
        cwd=ROOT,
        env=environment,
        input=json.dumps(texts()),
        capture_output=True,
        text=True,
        check=True,
    )
    result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def main() -> None:
    """Print the table."""
    print("| wat | CPU s tot eerste antwoord | MB in gebruik | CPU ms per bericht (mediaan) | langste |")
    print("| --- | --- | --- | --- | --- |", flush=True)
    for name, measured in (
        ("server", lambda: server(True)),
        ("server zonder encoder", lambda: server(False)),
        ("agent alleen", lambda: agent("lean")),
        ("agent alleen, ingeladen als stock Rasa", lambda: agent("stock")),
    ):
        row = measured()
        print(f"| {name} | {row['start']:.1f} | {row['rss']:.0f} | {row['median']:.0f} | {row['most']:.0f} |", flush=True)


if __name__ == "__main__":
    main()
