# make run · make test · make lint · make bench · make faults · make clean · make help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: run test lint bench faults environment static browser pdf clean help

PORT ?= 8000
DATA_DIR ?= .data
FRESH ?= 0
export PORT DATA_DIR FRESH
# DATA_DIR and PORT are for `make run`: tests and benchmarks make servers of their own and remove them.
# Each worker of the tests has servers and a browser of its own: more of them than four is more than most disks take.
TEST_WORKERS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); echo $$((n > 4 ? 4 : n)))
PYTHON := .venv/bin/python
STAMP := .venv/installed-from

run: environment static pdf ## Start the whole portal on 127.0.0.1:PORT, with demo data (FRESH=1 wipes it first)
	@exec $(PYTHON) -m mash_portal.running

test: environment static browser pdf ## Everything: rules, pages, access, races, journeys in a browser
	@unset DATA_DIR PORT; exec $(PYTHON) -m pytest -n $(TEST_WORKERS) --dist worksteal --durations 15

lint: environment ## Style, types, layers, migrations, settings
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	@scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
		DATA_DIR="$$scratch" $(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) manage.py check

bench: environment static ## Yardsticks beside the portal's own pages, as a table and as bench.json
	@unset DATA_DIR PORT; exec $(PYTHON) -m tests.bench

faults: environment static ## The whole of the fault tests (make test runs a tenth of each)
	@unset DATA_DIR PORT; FAULTS=whole exec $(PYTHON) -m pytest -m faults --durations 15

environment: $(STAMP)

$(STAMP): requirements/dev.txt scripts/environment.sh
	@scripts/environment.sh .venv requirements/dev.txt
	@cp requirements/dev.txt $(STAMP)

static: environment
	@$(PYTHON) manage.py collectstatic --noinput --verbosity 0

browser: environment
	@scripts/install_browser.sh

pdf: environment
	@scripts/install_pango.sh

clean: ## Remove the environment and what tools left; demo data in .data stays
	rm -rf .venv staticfiles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis tests/output bench.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
