# `make run` checks this repository (or TARGET=path), `make test` runs everything CI runs.
PYTHON ?= python3
TARGET ?= .
TREES ?= src tests
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: run test lint unit cases snapshots bench new-rule generated lock clean

run: $(STAMP)
	$(BIN)/repro-lint $(TARGET)

test: $(STAMP) lint unit run
	@echo "all checks passed"

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/generate.py --check

unit: $(STAMP)
	$(BIN)/python -m pytest -q -n 2 --cov --cov-report=term

# The cases in the rules' pages, alone.
cases: $(STAMP)
	$(BIN)/repro-lint test builtin

snapshots: $(STAMP)
	$(BIN)/repro-lint test builtin --update-snapshots
	$(BIN)/python -m pytest -q tests/golden --update-golden

bench: $(STAMP)
	$(BIN)/python -m benchmarks.speed $(TREES)

# make new-rule NAME=wall-clock-input CODE=RNG010 FAMILY=randomness
new-rule: $(STAMP)
	$(BIN)/repro-lint new-rule $(NAME) --code $(CODE) --family $(FAMILY)

# Rewrite what is generated from the code: schemas and the table of rules.
generated: $(STAMP)
	$(BIN)/python tools/generate.py

# The locks hold for every platform and for all supported versions of Python. That of the build is for those
# who install from a checkout, as the GitHub Action and the Dockerfile do.
lock: $(STAMP)
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
		--python-version 3.10 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
		--python-version 3.10 --group pyproject.toml:build -c requirements.lock -o requirements-build.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
		--python-version 3.10 pyproject.toml --group dev --no-strip-extras -o requirements-dev.lock

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "repro-lint needs Python 3.10 or later: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf .venv
