# Everything here works from a fresh clone with Python 3.11 or newer and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help install dev demo test lint types docs golden check check-full quality lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 14

# --require-hashes: every byte that is installed was named in the lock file. --no-deps: that file is complete, and older
# pips stumble over a package that another one asks for with an extra.
.venv/installed: requirements.lock pyproject.toml
	@test -d .venv || $(PYTHON) -c 'import sys; sys.exit("cleancopy needs Python 3.11 or newer; try: make install PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@test -d .venv || $(PYTHON) -m venv .venv
	@echo "installing the locked packages into .venv (about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements-dev.lock
	@touch $@

install: .venv/installed ## create .venv with the locked packages and the project
	@echo "ready: $(BIN)/cleancopy --help"

dev: .venv/installed-dev

demo: install ## archive examples/pages twice; show the log, a diff and one explained document
	@BIN=$(BIN) sh examples/demo.sh

test: dev ## everything the tests need, then the tests
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow"

lint: dev ## ruff: style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: dev ## mypy, strict
	@$(BIN)/mypy

docs: install ## write the generated pages again from the schemas
	@$(BIN)/python -m flows.reference
	@echo "written: the generated parts of docs/data-format.md and docs/reference.md"

golden: dev ## write again what the example pages must give; read the diff
	@$(BIN)/python tests/golden/write.py

check: lint types test ## what every change must pass; five minutes at most

check-full: dev ## the slow tests as well
	@$(BIN)/python -m pytest -m slow

.venv/installed-quality: .venv/installed requirements-quality.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements-quality.lock
	@touch $@

quality: .venv/installed-quality ## how well we and others clean a labelled folder: make quality DATA=folder [SAMPLE=10]
	@test -n "$(DATA)" || { echo "which folder? make quality DATA=folder (benchmarks/quality.py says what it holds)"; exit 2; }
	@PYTHONPATH=. $(BIN)/python benchmarks/quality.py "$(DATA)" --sample $(or $(SAMPLE),1)

lock: ## resolve the dependencies anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml --extra build --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml --extra build --extra browser --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml --extra build --extra quality --constraint requirements.lock --output-file requirements-quality.lock

clean: ## remove what was built here
	rm -rf .venv archive-data .mypy_cache .ruff_cache .pytest_cache .hypothesis
