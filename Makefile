# Områdetal. `make` lists the targets; `make run` and `make test` work on a machine
# that has nothing but Python 3.11-3.13 with venv.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run serve up down superset docs metrics test test-superset audit lint format benchmark benchmark-ingest benchmark-serve quality-report \
	faults clean

PYTHON ?= $(shell for p in python3.12 python3.11 python3.13 python3; do \
	$$p -c 'import sys, venv; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin
AS_OF ?= 2025-11-01
SIZES ?= 1 5 20
COMBINATIONS ?= 200
KILLS ?= 60
LANES ?= 1
DISKS ?= 20
DATA := $(abspath $(or $(OMRAADETAL_HOME),data))
# The profile's default target opens the publication of the folder dbt is started in, for reading only.
FROM_PUBLICATION = cd $(DATA)/published/current 2>/dev/null || \
	{ echo "Nothing has been published in $(DATA) yet: make run first." >&2; exit 1; }; \
	umask 077; export DO_NOT_TRACK=1 DBT_PROJECT_DIR=$(CURDIR)/dbt_project DBT_PROFILES_DIR=$(CURDIR)/dbt_project

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: .venv.ready ## set up if needed, run the nightly_load DAG on samples/landing, print a summary
	@$(BIN)/omraadetal demo --as-of $(AS_OF)

serve: .venv.ready ## show the publication in force on this machine, in a browser and to BI tools, until Ctrl-C (PORT=8765)
	@[ -e $(DATA)/published/current ] || $(BIN)/omraadetal nightly --as-of $(AS_OF)
	@[ $(DATA)/docs/static_index.html -nt $(DATA)/published/current/publication.json ] || $(MAKE) --no-print-directory docs
	@exec $(BIN)/omraadetal serve $(if $(PORT),--port $(PORT))

up: .venv.ready ## start Airflow with its own PostgreSQL on this machine, in the background, and say how to log in (PORT=8080)
	@$(BIN)/omraadetal up $(if $(PORT),--port $(PORT))

down: .venv.ready ## stop what `make up` started
	@$(BIN)/omraadetal down

superset: .venv.ready .superset.ready ## show the dashboards in Superset on this machine until Ctrl-C (PORT=8088); installs it once, apart
	@[ -e $(DATA)/published/current ] || $(BIN)/omraadetal nightly --as-of $(AS_OF)
	@exec $(BIN)/omraadetal superset $(if $(PORT),--port $(PORT))

docs: .venv.ready ## build dbt's documentation of the publication in force as one page, print where
	@$(FROM_PUBLICATION); $(CURDIR)/$(BIN)/dbt --quiet docs generate --static --target-path $(DATA)/docs
	@echo $(DATA)/docs/static_index.html

metrics: .venv.ready ## list the metrics; QUERY="--metrics ... --group-by ..." asks the publication in force
	@$(BIN)/python dbt_project/metrics_by_indicator.py dbt_project/models/semantic/metrics_by_indicator.yml
	@$(FROM_PUBLICATION); $(CURDIR)/$(BIN)/dbt --quiet parse; \
	if [ -n "$${QUERY:-}" ]; then eval "$(CURDIR)/$(BIN)/mf query --quiet $$QUERY"; else $(CURDIR)/$(BIN)/mf list metrics; fi

test: .venv.ready lint ## lint, import contract, unit, dbt and end-to-end tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile

test-superset: .venv.ready .superset.ready ## the dashboards in the real Superset, looked at in Chromium
	@$(BIN)/python -m pytest tests/publish/superset tests/end_to_end/test_compose_superset.py

audit: .venv.ready ## known vulnerabilities of everything in uv.lock, where their service can be reached
	@.ci/audit

lint: .venv.ready ## ruff and the import contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo

format: .venv.ready ## let ruff rewrite the Python files
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

benchmark: .venv.ready ## time the build stage against a handwritten query (SIZES="1 5 20" million records; long)
	@$(BIN)/python -m benchmarks.build --sizes $(SIZES)

benchmark-ingest: .venv.ready ## time reading a large export against DuckDB, pandas and dlt (SIZES="1 5 20" million rows; long)
	@$(BIN)/python -m benchmarks.ingest --sizes $(SIZES)

benchmark-serve: .venv.ready ## time publishing a million figures, and readers while publications are swapped (long)
	@$(BIN)/python -m benchmarks.serve

quality-report: .venv.ready ## plant faults in a clean world: recall and false alarms of every check (COMBINATIONS=200; minutes)
	@$(BIN)/python -m benchmarks.quality --combinations $(COMBINATIONS)

faults: .venv.ready ## kill nights and fill disks: what is lost, what readers see, what the next night does (KILLS=60 DISKS=20 LANES=1; hours)
	@$(BIN)/python -m benchmarks.faults --kills $(KILLS) --disks $(DISKS) --lanes $(LANES) \
		$(if $(SEED),--seed $(SEED)) $(if $(RESULTS),--results $(RESULTS))

clean: ## remove the environment and everything the load wrote (asks first when data/ holds publications)
	@if [ -d data/journal ] && [ "$${FORCE:-}" != 1 ]; then \
		read -r -p "data/ holds a journal of publications. Remove it? (FORCE=1 does not ask) [y/N] " a || true; \
		[ "$${a:-}" = y ] || { echo "Nothing removed."; exit 1; }; fi
	rm -rf .venv .venv.ready .superset .superset.ready data .pytest_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info build

# --inexact keeps uv itself, which pip put there.
.venv.ready: pyproject.toml uv.lock
	@if [ -z "$(PYTHON)" ]; then echo "Områdetal needs Python 3.11, 3.12 or 3.13 with the venv module; none found on PATH." >&2; exit 1; fi
	@echo "Setting up .venv with $(PYTHON) (once; a few minutes on a slow line) ..."
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	@UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv sync --locked --inexact --quiet --compile-bytecode --python $(BIN)/python
	@touch .venv.ready

.superset.ready: publish/superset/requirements.txt .venv.ready
	@echo "Installing Superset in .superset (once; several hundred megabytes) ..."
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python .superset
	@VIRTUAL_ENV=.superset $(BIN)/uv pip sync --quiet --require-hashes publish/superset/requirements.txt
	@touch .superset.ready
