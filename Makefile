# Danbe. `make run` shows it, `make test` proves it. `make help` lists the rest.
# Everything made stands in .venv/, var/ and build/; no target asks a question.

PORT ?= 8000
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(wildcard src/danbe/locale/*/LC_MESSAGES/django.po)
MESSAGES := $(CATALOGUES:.po=.mo)
DEBIAN_TEST := chromium fonts-dejavu-core poppler-utils postgresql
PROJECT := pyproject.toml requirements-installer.txt tools/install

# What was compiled once is read by the next command: a second start takes a third of the time.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test check bench docs screenshots guide-images messages requirements clean

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: $(VENV)/ready $(MESSAGES) ## show Danbe with fictitious records on http://127.0.0.1:8000 (PORT=9000)
	@exec $(BIN)/danbe run-demo --port $(PORT)

test: $(VENV)/ready-test $(MESSAGES) ## run the suite on SQLite and PostgreSQL (ARGS="tests/core -x")
	@tools/debian $(DEBIAN_TEST)
	@tools/test $(ARGS)

check: $(VENV)/ready-test $(MESSAGES) ## style, types, layers, French, migrations, requirements
	@tools/check

bench: $(VENV)/ready-test $(MESSAGES) ## measure the pages beside the raw SQL floor, on both databases
	@tools/debian postgresql
	@$(BIN)/python -m benchmarks $(ARGS)
	@$(BIN)/python -m benchmarks.protection
	@$(BIN)/python -m benchmarks.plan
	@$(BIN)/python tools/with_postgres.py --durable $(BIN)/python -m benchmarks $(ARGS)
	@$(BIN)/python tools/with_postgres.py --durable $(BIN)/python -m benchmarks.protection
	@$(BIN)/python tools/with_postgres.py --durable $(BIN)/python -m benchmarks.plan

docs: $(VENV)/ready-docs ## build the documentation in build/docs
	@$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs build/docs
	@echo "==> build/docs/index.html"

screenshots: $(VENV)/ready-test $(MESSAGES) ## photograph every page at 360 and 1280 px in build/screenshots
	@tools/debian chromium fonts-dejavu-core
	@$(BIN)/python tools/screenshots.py $(ARGS)

guide-images: $(VENV)/ready-test $(MESSAGES) ## photograph again the pages that the guides show, in docs/images
	@tools/debian chromium fonts-dejavu-core
	@$(BIN)/python tools/guide_images.py $(ARGS)

messages: $(VENV)/ready-test ## add the new messages of the source to the French catalogue
	@$(BIN)/python tools/messages.py update

requirements: $(VENV)/ready-test ## compile requirements/*.in again (UPGRADE=1 for newer versions)
	@tools/requirements

clean: ## remove what can be made again (var/, which holds data, stays)
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache $(MESSAGES)

# One stamp per set of packages: made again only when the set changes.
$(VENV)/ready: requirements.txt $(PROJECT)
	@tools/install requirements.txt
	@touch $@

$(VENV)/ready-test: requirements-test.txt $(PROJECT)
	@tools/install requirements-test.txt
	@touch $@ $(VENV)/ready

$(VENV)/ready-docs: requirements-docs.txt $(PROJECT)
	@tools/install requirements-docs.txt
	@touch $@

%.mo: %.po tools/messages.py
	@$(BIN)/python tools/messages.py compile
	@touch $@
