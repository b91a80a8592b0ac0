# make demo, make test and make check do all of their set-up on a fresh Debian or Ubuntu with Python 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
PYTEST_ARGS ?=

.PHONY: demo test check format docs lock tools clean

# The package with what it runs on; a second run finds the stamp and does nothing.
$(VENV)/.run: pyproject.toml requirements.txt
ifneq ($(UV),)
	@test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) $(VENV)
	uv pip install --quiet --python $(BIN)/python -c requirements.txt -e .
else
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.txt -e .
endif
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
ifneq ($(UV),)
	uv pip install --quiet --python $(BIN)/python -r requirements-dev.txt
else
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
endif
	@touch $@

## demo: a report of made-up services in public/, with nothing but Python
demo: $(VENV)/.run
	$(BIN)/sresnap demo

## test: all tests, with a real Prometheus and a real browser
test: $(VENV)/.dev tools
	$(BIN)/pytest -n 2 --dist loadgroup $(PYTEST_ARGS)

## check: style, types, import order
check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# What the tests drive, through apt where it is missing.
tools:
	@tests/tools.sh

docs: $(VENV)/.dev
	$(BIN)/python docs/make_cli.py > docs/cli.md

## lock: the versions for development, anew
lock: $(VENV)/.dev
	uv pip compile --quiet --universal --python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf $(VENV) public dist .mypy_cache .ruff_cache .pytest_cache
