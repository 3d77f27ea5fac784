# Everything starts here: `make run` opens the program, `make test` proves it. Both set the folder up first.
# Needs python3 (3.11 to 3.13) and make; see CONTRIBUTING.md.
.DEFAULT_GOAL := help
.PHONY: help setup dev run test check format proof bench lock pictures package clean

supported = $(shell $(1) -c 'import sys; (3, 11) <= sys.version_info[:2] <= (3, 13) and sys.stdout.write("$(1)")' 2>/dev/null)
PYTHON3 ?= $(or $(call supported,python3),$(call supported,python3.13),$(call supported,python3.12),$(call supported,python3.11),none)
NO_PYTHON = set-up: Python 3.11, 3.12 or 3.13 is needed; install one (Debian package: python3) and try again
PYTHON := .venv/bin/python

define SET_UP
	@command -v "$(PYTHON3)" >/dev/null || { echo "$(NO_PYTHON)" >&2; exit 3; }
	@"$(PYTHON3)" installer/set_up.py
endef

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

setup: ## .venv with what the program needs, and .venv/bin/eduplan
	$(SET_UP) run

dev: ## .venv with what the tests and checks need too
	$(SET_UP) dev

run: setup ## open the window (FILE=path opens that file); without a display, play the sample county
	@$(PYTHON) installer/launch.py $(if $(FILE),"$(FILE)")

check: dev ## format, lint, types, layers, budgets: under a minute
	@$(PYTHON) -m installer.check

test: check ## the checks and all tests, windows drawn off screen: under ten minutes on two cores
	@$(PYTHON) -m installer.test

format: dev ## put the code into its one form
	@$(PYTHON) -m ruff check --quiet --fix --exit-zero .
	@$(PYTHON) -m ruff format --quiet .

proof: dev ## exhaustive and on real input; resumable; ends in a table
	@$(PYTHON) -m installer.proof $(if $(ONLY),--only "$(ONLY)")

bench: dev ## ratios against honest baselines, median of five
	@$(PYTHON) -m bench.run $(if $(ONLY),--only "$(ONLY)")

lock: dev ## resolve pyproject.toml into the two lock files (needs the package registry)
	@$(PYTHON) -m installer.lock

pictures: dev ## the pictures of manual and READMEs, drawn by the program itself (NAMES="today f22" for some)
	@$(PYTHON) -m installer.make_pictures $(NAMES)

package: dev ## the program as a folder for machines without Python, in dist/eduplan
	@$(PYTHON) -m installer.package

clean: ## remove what tools left behind; data and .venv stay
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .proof
