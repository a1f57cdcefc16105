# Two commands do everything on a machine with Python 3.11 or newer: make demo, make test.
PYTHON ?= python3
BIN := .venv/bin
# The tests of a file share what they set up, so a file goes to one core.
CORES := --numprocesses auto --dist loadfile
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test test-all lint format docs lock clean

demo: .venv/run.stamp  ## crawl the sample sites, build, release, serve; ARGS=--no-serve ends after the summary
	$(BIN)/fazhi demo $(ARGS)

test: .venv/dev.stamp  ## the tests, but for the slow ones
	$(BIN)/pytest -m "not slow" $(CORES) $(ARGS)

test-all: .venv/dev.stamp  ## every test
	$(BIN)/pytest $(ARGS)

lint: .venv/dev.stamp  ## ruff, mypy, generated docs up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/dev.stamp  ## write the generated pages of docs/ again
	$(BIN)/python docs/generate.py

lock: .venv/dev.stamp  ## pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile --quiet --upgrade --universal --no-header --python-version 3.11 pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --no-header --python-version 3.11 pyproject.toml --extra check --group build --group dev -o requirements-dev.lock

clean:
	rm -rf .venv data dist

.venv/run.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv .venv
	$(PIP) install -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	$(PIP) install -r requirements-dev.lock
	@touch $@
