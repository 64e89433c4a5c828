"""Training from clean YAML with a fingerprint: nothing happens when neither examples, rules nor code changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from pathlib import Path

import portalocker
from rich.console import Console

from steunwijzer.settings import PROJECT_ROOT

MODELS = PROJECT_ROOT / "models"
_STAMP = MODELS / "fingerprint"
_INPUTS = ("config.yml", "domain.yml", "data/nlu", "data/stories", "data/conversations", "data/regions", "nlu")
_KEPT = 3
_SUFFIXES = {".yml", ".py", ".csv", ".txt"}
console = Console(stderr=True)


def fingerprint() -> str:
    """What a model depends on. Answers are not part of it: they are read when they are said."""
    digest = hashlib.sha256()
    for name in _INPUTS:
        path = PROJECT_ROOT / name
        files = sorted(p for p in path.rglob("*") if p.suffix in _SUFFIXES and p.is_file()) if path.is_dir() else [path]
        for file in files:
            digest.update(str(file.relative_to(PROJECT_ROOT)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _own_cache() -> None:
    """Give Rasa a cache of trained components that belongs to our code.

    Rasa takes a component from its cache when configuration and data are the same; that the component's code changed, or the places and
    conversations it reads, it does not see.
    """
    digest = hashlib.sha256()
    for folder in (PROJECT_ROOT / "nlu", PROJECT_ROOT / "data" / "regions", PROJECT_ROOT / "data" / "conversations"):
        for file in sorted(p for p in folder.rglob("*") if p.suffix in _SUFFIXES and p.is_file()):
            digest.update(file.read_bytes())
    mine = PROJECT_ROOT / ".rasa" / f"cache-{digest.hexdigest()[:12]}"
    for other in mine.parent.glob("cache*"):
        if other != mine:
            shutil.rmtree(other, ignore_errors=True)
    os.environ["RASA_CACHE_DIRECTORY"] = str(mine)


def up_to_date() -> bool:
    """Whether the newest model was made from what is on disk now."""
    return _STAMP.exists() and _STAMP.read_text().strip() == fingerprint() and any(MODELS.glob("*.tar.gz"))


def train_model(*, force: bool = False) -> Path | None:
    """Train and keep the model; gives its path, or None when nothing had to be done.

    Only one training runs at a time: a second one waits, and then mostly finds that nothing is left to do.
    """
    MODELS.mkdir(exist_ok=True)
    with portalocker.Lock(MODELS / ".lock", timeout=3600):
        return _train(force=force)


def _train(*, force: bool) -> Path | None:
    if not force and up_to_date():
        console.print("Het model is actueel: er is niets veranderd sinds de laatste training.")
        return None
    started = time.monotonic()
    console.print("Het model wordt getraind. De eerste keer duurt dat enkele minuten; daarna helpt het geheugen op schijf.")
    from connectors import lean

    lean.prepare(training=True)
    _own_cache()
    import warnings

    warnings.filterwarnings("ignore")
    import rasa.model_training
    from rasa.shared.importers.importer import TrainingDataImporter  # noqa: F401  (registers the importers)

    from connectors.bot import quiet_rasa, trained_models
    from steunwijzer import rasa_reading

    quiet_rasa()
    rasa_reading.once()
    mark = fingerprint()
    result = rasa.model_training.train(
        domain=str(PROJECT_ROOT / "domain.yml"),
        config=str(PROJECT_ROOT / "config.yml"),
        training_files=[str(PROJECT_ROOT / "data" / "nlu"), str(PROJECT_ROOT / "data" / "stories")],
        output=str(MODELS),
    )
    if not result.model:
        raise SystemExit("Het trainen is mislukt; zie de meldingen hierboven.")
    _STAMP.write_text(mark)
    for old in trained_models(MODELS)[:-_KEPT]:
        old.unlink()
    console.print(f"Klaar in {time.monotonic() - started:.0f} seconden: {Path(result.model).name}")
    return Path(result.model)
