# make demo, make test and make check do all of their set-up on a fresh Debian or Ubuntu with Python 3.11 and make.
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=

.PHONY: demo test soak check prose accuracy year coverage golden measure screenshots scripts format docs lock tools clean

# The package with what it runs on; a second run finds the stamp and does nothing.
$(VENV)/.run: pyproject.toml requirements.txt
	@.ci/venv requirements.txt
	@touch $@

$(VENV)/.dev: pyproject.toml requirements-dev.txt
	@.ci/venv requirements-dev.txt
	@touch $@ $(VENV)/.run

## demo: a report of made-up services in public/, with nothing but Python
demo: $(VENV)/.run
	$(BIN)/sresnap demo

## test: all tests, with a real Prometheus and a real browser
# Three at once keep two cores busy: a quarter of the time goes into waiting for servers, pages and retries.
test: $(VENV)/.dev tools
	$(BIN)/pytest -n 3 --dist loadgroup $(PYTEST_ARGS)

## soak: what takes long: 50 rounds of two publishers on each kind of place, ten runs on empty machines, Azure (5 minutes)
soak: $(VENV)/.dev tools
	@command -v npm >/dev/null || { apt-get update -qq && apt-get install -y -qq npm >/dev/null; }
	@mkdir -p $(VENV)/azurite && cp tests/integration/azurite.json $(VENV)/azurite/package.json
	npm install --prefix $(VENV)/azurite --no-package-lock --no-audit --no-fund --silent
	ROUNDS=50 RUNS=10 $(BIN)/pytest -rP -n 2 --dist loadgroup tests/integration/test_publish_races.py tests/integration/test_publish_job.py tests/integration/test_publish_other_clouds.py

## check: style, types, import order, scripts
check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/oxlint --deny-warnings --quiet site/js
	$(BIN)/mypy
	$(BIN)/lint-imports

## prose: phrases that the glossary in CONTRIBUTING.md rules out, by file and line (ARGS=--count for a table)
prose:
	@.ci/prose $(ARGS)

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# What the tests drive, through apt where it is missing.
tools:
	@tests/tools.sh

docs: $(VENV)/.dev
	$(BIN)/python docs/make_cli.py > docs/cli.md

## scripts: site/dist from site/js, to be committed with it
scripts: $(VENV)/.dev
	@command -v npm >/dev/null || { apt-get update -qq && apt-get install -y -qq npm >/dev/null; }
	npm install --prefix $(VENV)/scripts --no-save --no-package-lock --no-audit --no-fund --silent esbuild@0.28.2
	$(VENV)/scripts/node_modules/.bin/esbuild --bundle --minify --format=iife --target=es2022 --charset=utf8 --log-level=warning \
	  --outfile=site/dist/app.js site/js/main.js
	$(VENV)/scripts/node_modules/.bin/esbuild --minify --target=es2022 --charset=utf8 --log-level=warning \
	  --outfile=site/dist/boot.js site/js/boot.js
	cd site/js && sha256sum *.js > ../dist/sources.sha256

## screenshots: of the demo, for the README
screenshots: $(VENV)/.dev tools
	$(BIN)/python docs/make_screenshots.py

## lock: the versions for development, anew
lock: $(VENV)/.dev
	uv pip compile --quiet --universal --python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt

## coverage: every branch of compute/
coverage: $(VENV)/.dev tools
	$(BIN)/coverage run --branch --source=sresnap/compute -m pytest -q tests/unit tests/integration/test_kinds.py
	$(BIN)/coverage report --show-missing --fail-under=100

## measure: bytes, requests, A4 pages, Lighthouse and HTML validity of the demo, against their limits (3 minutes)
measure: $(VENV)/.dev tools
	@command -v npm >/dev/null && command -v java >/dev/null || { apt-get update -qq && apt-get install -y -qq npm default-jre-headless >/dev/null; }
	@mkdir -p $(VENV)/measure && cp tests/measure/package.json $(VENV)/measure/
	npm install --prefix $(VENV)/measure --no-package-lock --no-audit --no-fund --silent
	$(BIN)/python -m tests.measure $(VENV)/measure/node_modules

## golden: the files that tests/golden expects, anew; git diff shows what changed
golden: $(VENV)/.dev
	$(BIN)/python -m tests.golden

## accuracy: the errors of counts against known truth, on real engines, written to docs/accuracy.md (6 minutes)
accuracy: $(VENV)/.dev tools
	@command -v victoria-metrics >/dev/null || { apt-get install -y -qq victoria-metrics >/dev/null; }
	$(BIN)/python -m tests.accuracy

## year: a report every five minutes for a year, 20 services: what the site takes, written to docs/archive-size.md (half an hour)
year: $(VENV)/.dev
	$(BIN)/python -m tests.year

clean:
	rm -rf $(VENV) public dist .mypy_cache .ruff_cache .pytest_cache
