# make demo, make test and make check install what they need on a fresh Debian or Ubuntu with Python 3.11 or later and make.
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=
PYTEST_WORKERS ?= 3
# What newer engines may answer in another way.
ENGINE_TESTS ?= tests/promql tests/promql/utf8_names.py $(addprefix tests/integration/test_,counts_in_the_wild.py raw_reading.py check_online.py empty_answers.py imports_in_the_wild.py rules_and_report.py presets_on_victoriametrics.py tenants.py)

.PHONY: demo demo-stack long-run test fuzz soak check prose bench accuracy year coverage golden measure screenshots engines sources scripts format docs lock tools clean

# The package and its dependencies. The stamp file makes a second run do nothing.
$(VENV)/.run: pyproject.toml requirements.txt
	@.ci/venv requirements.txt
	@touch $@

$(VENV)/.dev: pyproject.toml requirements-dev.txt
	@.ci/venv requirements-dev.txt
	@touch $@ $(VENV)/.run

## demo: write a report of made-up services to public/; needs Python only
demo: $(VENV)/.run
	$(BIN)/sresnap demo

## demo-stack: run the stack of demo/docker-compose.yml without containers: a real Prometheus, builds, nginx
demo-stack: $(VENV)/.dev tools
	$(BIN)/python -m tests.demo_stack

## test: run all tests, with a real Prometheus and a real browser
# Three workers keep two cores busy: a quarter of the time is spent waiting for servers, pages and retries. Compiled files
# are kept in any environment: without them each of the workers' processes compiles the package again. It is compiled once,
# before the workers would do so three times.
test: $(VENV)/.dev tools
	@$(BIN)/python -m compileall -q sresnap
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n $(PYTEST_WORKERS) --dist loadgroup $(PYTEST_ARGS)

## engines: run the tests of counts on the newest Prometheus and VictoriaMetrics of Debian (3 minutes)
engines: $(VENV)/.dev tools
	@tests/engines.sh $(VENV)/engines
	PATH="$(CURDIR)/$(VENV)/engines/usr/bin:$$PATH" $(BIN)/pytest -q -n 2 --dist loadgroup $(ENGINE_TESTS)

## sources: compare what presets count with the load that real proxies, applications and exporters got (3 minutes; SOURCES="caddy celery" for some)
sources: $(VENV)/.dev tools
	@tests/sources.sh
	$(BIN)/pytest -q -n 0 tests/sources/counts.py

## soak: 50 rounds of two publishers on each kind of target, every kill and 100 at random moments of each command, every hour of alerts, ten runs on empty machines, Azure, 200 examples of each property (25 minutes)
soak: $(VENV)/.dev tools
	@command -v npm >/dev/null || { apt-get update -qq && apt-get install -y -qq npm >/dev/null; }
	@mkdir -p $(VENV)/azurite && cp tests/integration/azurite.json $(VENV)/azurite/package.json
	npm install --prefix $(VENV)/azurite --no-package-lock --no-audit --no-fund --silent
	ROUNDS=50 RUNS=10 $(BIN)/pytest -rP -n 2 --dist loadgroup tests/integration/test_publish_races.py tests/integration/test_publish_job.py tests/integration/test_publish_other_clouds.py tests/integration/test_publish_folder.py tests/integration/test_publish_branch.py tests/integration/test_publish_cloud.py tests/integration/test_rules.py tests/integration/test_kills.py tests/integration/test_demo_against_prometheus.py
	EXAMPLES=200 $(BIN)/pytest -q -n 2 -m hypothesis tests/unit

## fuzz: try mutated answers, files, configurations and branches for an hour (SECONDS=60 for a minute, SEED=2 for others)
SECONDS ?= 3600
SEED ?= 1
fuzz: $(VENV)/.dev tools
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS) --seed $(SEED)

## check: format, lint, types, import order, scripts, prose
check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/oxlint --deny-warnings --quiet site/js
	$(BIN)/mypy
	$(BIN)/mypy --strict tests/typing
	$(BIN)/lint-imports
	@.ci/prose

## prose: list the phrases that the glossary in CONTRIBUTING.md rules out (ARGS=--count for a table)
prose:
	@.ci/prose $(ARGS)

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Installs the programs that the tests drive, through apt.
tools:
	@tests/tools.sh

docs: $(VENV)/.dev
	$(BIN)/python docs/make_cli.py > docs/cli.md

## scripts: bundle site/js into site/dist; commit both
scripts: $(VENV)/.dev
	@command -v npm >/dev/null || { apt-get update -qq && apt-get install -y -qq npm >/dev/null; }
	npm install --prefix $(VENV)/scripts --no-save --no-package-lock --no-audit --no-fund --silent esbuild@0.28.2
	$(VENV)/scripts/node_modules/.bin/esbuild --bundle --minify --format=iife --target=es2022 --charset=utf8 --log-level=warning \
	  --outfile=site/dist/app.js site/js/main.js
	$(VENV)/scripts/node_modules/.bin/esbuild --minify --target=es2022 --charset=utf8 --log-level=warning \
	  --outfile=site/dist/boot.js site/js/boot.js
	cd site/js && sha256sum *.js > ../dist/sources.sha256

## screenshots: take the README's pictures of the demo
screenshots: $(VENV)/.dev tools
	$(BIN)/python docs/make_screenshots.py

## lock: update the locked versions
lock: $(VENV)/.dev
	uv pip compile --quiet --universal --python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt

## coverage: check that the tests reach every branch of compute/
coverage: $(VENV)/.dev tools
	EXAMPLES=100 $(BIN)/coverage run --branch --source=sresnap/compute -m pytest -q tests/unit tests/integration/test_kinds.py
	$(BIN)/coverage report --show-missing --fail-under=100

## measure: compare bytes, requests, A4 pages, Lighthouse scores and HTML validity of the demo with their limits (3 minutes)
measure: $(VENV)/.dev tools
	@command -v npm >/dev/null && command -v java >/dev/null || { apt-get update -qq && apt-get install -y -qq npm default-jre-headless >/dev/null; }
	@mkdir -p $(VENV)/measure && cp tests/measure/package.json $(VENV)/measure/
	npm install --prefix $(VENV)/measure --no-package-lock --no-audit --no-fund --silent
	$(BIN)/python -m tests.measure $(VENV)/measure/node_modules

## bench: measure the CPU of reading stored files, of the scan for leaks, and of a build of 100 services by stage (5 minutes)
bench: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks.reading
	$(BIN)/python -m tests.benchmarks.leak_scan
	$(BIN)/python -m tests.benchmarks.build_stages

## golden: write the expected files of tests/golden again; git diff shows what changed
golden: $(VENV)/.dev
	$(BIN)/python -m tests.golden

## accuracy: measure the errors of counts on real engines and write docs/accuracy.md (10 minutes)
accuracy: $(VENV)/.dev tools
	$(BIN)/python -m tests.accuracy

## long-run: make 300 builds in a row on one folder, then prune, publish, restore and verify (15 minutes)
long-run: $(VENV)/.dev
	$(BIN)/python -m tests.long_run

## year: make a report every five minutes for a year and write the sizes to docs/archive-size.md (half an hour)
year: $(VENV)/.dev
	$(BIN)/python -m tests.year

clean:
	rm -rf $(VENV) public dist .mypy_cache .ruff_cache .pytest_cache
