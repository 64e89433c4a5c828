# De opdrachten van Steunwijzer. 'make run' en 'make test' zijn genoeg; de rest staat in de README.
PYTHON ?= python3.10
BIN := .venv/bin
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
# compiled modules are kept, also where the environment says otherwise: every start takes seconds longer without
export PYTHONDONTWRITEBYTECODE :=
export RASA_TELEMETRY_ENABLED := false
export PYTHONWARNINGS ?= ignore
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help install run test testslow train evaluate lint types check bench chat lock clean

help: ## toont deze lijst
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

install: .venv/.installed ## maakt .venv en installeert precies wat in requirements.lock staat

.venv/.installed: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.10 ontbreekt. Installeer het met 'pyenv install 3.10' of 'uv python install 3.10'."; exit 1; }
	@test -x $(BIN)/python || { echo "[1/3] Omgeving .venv maken"; $(PYTHON) -m venv .venv; }
	@test -x $(BIN)/uv || { echo "[2/3] uv in .venv zetten"; $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; }
	@echo "[3/3] Pakketten installeren uit requirements.lock"
	@$(BIN)/uv pip sync --python $(BIN)/python requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

run: install train ## installeert, traint als het nodig is, en start de chat
	@$(BIN)/steunwijzer serve

train: install ## traint het model uit de YAML-bestanden, alleen als er iets veranderd is
	@$(BIN)/steunwijzer train

test: install train ## alle tests, in twee processen naast elkaar, behalve de paar die minuten rekenen
	@$(BIN)/python -m pytest -q -m "not slow" -n 2 --dist loadfile || { \
		echo "Wat hierboven faalde, draait nog één keer. Slaagt het nu, dan hangt die test van het moment af: zoek uit waarom."; \
		$(BIN)/python -m pytest -q -m "not slow" --last-failed --last-failed-no-failures none; }

testslow: install train ## ook de simulatie van een jaar met 500 plaatsingen en de andere lange tests
	@$(BIN)/python -m pytest -q -m slow

evaluate: install train ## meet het begrip op tests/validation.jsonl en schrijft results/evaluation.html
	@$(BIN)/steunwijzer evaluate

lint: install ## controleert de inhoud (antwoorden, voorbeelden) en de code
	@$(BIN)/steunwijzer lint
	@$(BIN)/ruff check .

types: install ## controleert de types
	@$(BIN)/mypy

check: lint types test ## alles wat ook de CI doet

bench: install train ## de metingen achter de cijfers in de README
	@$(BIN)/python -m bench.encoder
	@$(BIN)/python -m bench.serving

chat: install train ## praten in de terminal
	@$(BIN)/steunwijzer chat

lock: ## rekent requirements.lock opnieuw uit
	@$(BIN)/uv pip compile --generate-hashes --all-extras --python-version 3.10 --no-header --no-annotate --quiet pyproject.toml -o requirements.lock

clean: ## verwijdert modellen, metingen en caches (niet de database)
	rm -rf models results .rasa .cache .pytest_cache .mypy_cache .ruff_cache
