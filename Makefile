# RefProgram's commands. `make run` and `make test` need Python 3.11, 3.12 or 3.13 and nothing else.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
BRIEF ?= A bank in the Nordics replaces its core banking. Their finance director wants a call with a peer by Friday. Not an insurer.

.PHONY: help run test test-all mutate check format translations requirements backup restore bench bench-large bench-content bench-load clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: export HTTPS_ONLY ?= 0
run: export PROGRAM_NAME ?= Halvenor
run: $(VENV)/runtime  ## Set up, load the demonstration program, and serve it on PORT (8000)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_vocabulary
	@$(MANAGE) load_demo --if-empty
	@$(MANAGE) collectstatic --no-input --verbosity 0
	@$(MANAGE) match "$(BRIEF)" --limit 3
	@PORT=$(PORT) exec $(BIN)/python -m refprogram.serve

test: $(VENV)/development  ## Run the tests that need nothing but Python
	$(BIN)/pytest -n auto

test-all: $(VENV)/development  ## Run every test: needs Chromium, PostgreSQL (DATABASE_URL), Redis and RabbitMQ
	$(BIN)/pytest -n auto -m "browser or services or not browser"

mutate: $(VENV)/development  ## Change the pure modules, or those of MODULES, and tell what the tests do not notice
	$(BIN)/python -m mutations $(MODULES)

check: export HTTPS_ONLY := 1
check: $(VENV)/development  ## Lint, format, types, floors, migrations, deployment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find templates -name '*.html' | xargs -r $(BIN)/djade --check --target-version 5.2
	$(BIN)/lint-imports
	$(BIN)/mypy .
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check --deploy --fail-level WARNING

format: $(VENV)/development  ## Put code and templates in shape
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	find templates -name '*.html' | xargs -r $(BIN)/djade --target-version 5.2

requirements: $(VENV)/development  ## Compile requirements*.txt, with hashes, from the short .in files
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--output-file requirements.txt requirements.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--output-file requirements-dev.txt requirements-dev.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--constraints requirements.txt --output-file requirements-semantic.txt requirements-semantic.in

translations: $(VENV)/development  ## Bring the languages of promoters' pages and letters in step, and compile them
	$(BIN)/python -m translations

backup: $(VENV)/runtime  ## Write the database to FILE
	$(MANAGE) back_up "$(FILE)"

restore: $(VENV)/runtime  ## Replace the database by FILE, written by `make backup`
	$(MANAGE) restore "$(FILE)"

bench: $(VENV)/development  ## Measure 10,000 and 100,000 promoters, beside peers, into benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

bench-large: $(VENV)/development  ## Measure ranking over 1,000,000 promoters, into benchmarks/RESULTS-LARGE.md
	$(BIN)/python -m benchmarks --people 1000000 --parts engine --results benchmarks/RESULTS-LARGE.md

bench-content: $(VENV)/development  ## Measure a library of 100,000 pieces of content, into benchmarks/RESULTS-CONTENT.md
	$(BIN)/python -m benchmarks --people 100000 --parts content --results benchmarks/RESULTS-CONTENT.md

bench-load: $(VENV)/development  ## Drive the whole site for ten minutes with reads and writes, into benchmarks/RESULTS-LOAD.md
	$(BIN)/python -m benchmarks.load --results benchmarks/RESULTS-LOAD.md

clean:  ## Remove the environment and all caches, never var/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
		echo "RefProgram needs Python 3.11, 3.12 or 3.13; this is $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name another one: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/development: requirements-dev.txt $(VENV)/runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
