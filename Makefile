# rag-commons: `make demo` to see it, `make test` to check it. Everything is set up in .venv on first use.
PYTHON ?= python3
PORT ?= 7860
SERVE ?= 1
# for the CPU build of PyTorch: PIP_OPTIONS="--extra-index-url https://download.pytorch.org/whl/cpu"
PIP_OPTIONS ?=
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install demo test check slow pictures clean

install: $(VENV)/installed

# the stamp is renewed when what the project depends on changes
$(VENV)/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "rag-commons: expected Python 3.11 or newer; seen: %d.%d; to do: make PYTHON=python3.11" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet $(PIP_OPTIONS) torch==2.13.0
	$(BIN)/python -m pip install --quiet $(PIP_OPTIONS) --editable '.[dev]'
	touch $@

demo: install
	$(BIN)/rag-commons ingest folder rag_commons/sample --index indexes/sample
	$(BIN)/rag-commons ask "Combien d'années dure le droit d'auteur au Canada après la mort de l'auteur ?" --index indexes/sample
ifeq ($(SERVE),1)
	$(BIN)/rag-commons serve --index indexes/sample --port $(PORT)
endif

# a file of tests stays in one process: what it sets up is set up once
test: install
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

# heavy campaigns: fifty kills of the writer, whole corpora
slow: install
	$(BIN)/python -m pytest -m slow

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_floors.py

# the pictures of the README, made again in Debian's chromium
pictures: install
	$(BIN)/rag-commons ingest folder rag_commons/sample --index indexes/sample
	$(BIN)/python eval/screenshots.py --index indexes/sample --out .github

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis indexes/sample
