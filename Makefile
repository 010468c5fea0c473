# 客簿 Kebu: everything starts here. `make` alone lists the targets.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# One process a core, one database after the other: both at once took 17 minutes on two cores instead of 13:30,
# for four processes, two servers and browsers share two caches. Idle ones take work over; tests/harness.py deals
# the long ones first.
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)
PYTESTS = $(PYTEST) -q -n $(WORKERS) --dist worksteal
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -e -o pipefail -c
.PHONY: help run ready ready-dev test test-sqlite test-postgres check format style types bench drills mutations screenshots pictures sentences lighthouse lock

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

run: ready ## install what is missing, then start Kebu (Ctrl-C stops it)
	@exec $(BIN)/kebu run

ready:
	@$(PYTHON) scripts/setup.py

ready-dev:
	@$(PYTHON) scripts/setup.py dev

test: ready-dev ## all tests on SQLite, then on PostgreSQL, browser journeys included
	@bash scripts/browser.sh
	$(MAKE) --no-print-directory -k test-sqlite test-postgres  # -k: one run tells both

test-sqlite: ## all tests on SQLite
	@$(PYTESTS)

test-postgres: ## all tests on PostgreSQL (embedded, or KEBU_TEST_DATABASE_URL)
	@KEBU_TEST_DATABASE=postgres $(PYTESTS) --ignore=kebu/base/kit  # pure functions: no database in them

check: ready-dev style types ## the fast loop: style, types, imports, fast tests on SQLite
	@$(PYTEST) -q -n $(WORKERS) --dist worksteal -m 'not slow and not journey'

format: ## bring the sources into form
	@$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

style: ## format and style, nothing is changed
	@$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: ## types and the direction of imports
	@$(BIN)/mypy
	$(BIN)/lint-imports

bench: ready-dev ## speed of every page against its floor
	@$(BIN)/kebu bench $(if $(CUSTOMERS),--customers $(CUSTOMERS)) $(if $(JSON),--json $(JSON)) $(if $(KEEP),--keep $(KEEP))

drills: ready-dev ## fault drills, e.g. make drills NAME=import_kill ROUNDS=50
	@$(BIN)/kebu drills $(NAME) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(MINUTES),--minutes $(MINUTES))

mutations: ready-dev ## each check of a right is switched off: its test misses it; ROOM=crm/files finds tests for new ones
	@if [ -n "$(ROOM)" ]; then
	  KEBU_TEST_MUTATED="$(ROOM)" $(PYTEST) -q -s -p tests.access.hunting -m 'not journey' $(addprefix kebu/,$(ROOM))
	else
	  $(PYTEST) -q -s -p tests.access.hunting $$($(BIN)/python -m tests.access.noticed)
	  $(PYTEST) -q -s tests/access/mutations.py
	fi

screenshots: ready-dev ## pictures of every main page, into screenshots/
	@bash scripts/browser.sh
	$(BIN)/python -m tests.journeys.screenshots

pictures: ready-dev ## the pictures of the READMEs anew, into docs/images/ (wants pngquant)
	@bash scripts/browser.sh
	$(BIN)/python -m tests.journeys.pictures $(NAME)

sentences: ready-dev ## how well one sentence is read, and what is misread
	DJANGO_SETTINGS_MODULE=kebu.project.settings $(BIN)/python -m kebu.base.kit.tests.measuring

lighthouse: ready-dev ## marks of the customer list on both screens
	@bash scripts/browser.sh
	$(BIN)/python -m tests.journeys.lighthouse

lock: ready-dev ## pin every package anew after a change in pyproject.toml
	@compile="$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url"
	$$compile pyproject.toml -o requirements/runtime.txt
	$$compile --group dev -c requirements/runtime.txt -o requirements/dev.txt
	$$compile --group node -o requirements/node.txt
