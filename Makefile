# Everything a developer or the CI does here. `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Bytecode is written once at setup, so that a second run starts fast even where the shell turns it off.
export PYTHONDONTWRITEBYTECODE :=

COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --upgrade --quiet

.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Two sets of pinned tools, so that a first look does not have to wait for all of them.
define install
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	@echo "setup: $(VENV) with the tools of $(1)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes --requirement $(1)
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
endef

$(VENV)/.demo: pyproject.toml constraints/demo.txt
	$(call install,constraints/demo.txt)

$(READY): pyproject.toml constraints/dev.txt
	$(call install,constraints/dev.txt)
	@touch $(VENV)/.demo

.PHONY: setup
setup: $(READY) ## build .venv from the pinned, hashed constraints

.PHONY: demo
demo: $(VENV)/.demo ## the main job: regenerate, start the sandbox, pay, cancel, charge a billing key
	@$(BIN)/python -m scripts.generate
	@$(BIN)/python -m examples.demo

.PHONY: generate
generate: $(READY) ## write generated/ from spec/ and templates/
	@$(BIN)/python -m scripts.generate

.PHONY: drift
drift: $(READY) ## fail where generated/ is not what spec/ and templates/ give
	@$(BIN)/python -m scripts.drift

.PHONY: lint
lint: $(READY) ## ruff over the code, the house rules over spec/
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/python -m scripts.lint_spec

.PHONY: lint-spec-redocly
lint-spec-redocly: ## Redocly's recommended rules over the bundle (needs Node.js)
	@npx --yes @redocly/cli@2.77.0 lint generated/openapi.json --config redocly.yaml --format summary

.PHONY: format
format: $(READY) ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: types
types: $(READY) ## mypy and pyright, both strict
	@$(BIN)/mypy
	@$(BIN)/pyright

.PHONY: test
test: $(READY) ## every test, in parallel
	@$(BIN)/python -m pytest -n auto

.PHONY: coverage
coverage: $(READY) ## does spec/ cover the vendor's document, or say why not (from the committed lock alone)
	@$(BIN)/python -m scripts.upstream --coverage

.PHONY: upstream
upstream: $(READY) ## what changed in the vendor's document: FILE=... or URL=... (REPORT=... ACCEPT=1)
	@$(BIN)/python -m scripts.upstream --coverage $(if $(FILE),--file "$(FILE)") $(if $(URL),--url "$(URL)") \
		$(if $(REPORT),--report "$(REPORT)") $(if $(ACCEPT),--accept) $(if $(DATED),--dated "$(DATED)")

.PHONY: faults
faults: $(READY) ## the long campaign of faults: charges and cancels through a bad network (SEED=...)
	@$(BIN)/python -m tests.faults.campaign $(if $(SEED),--seed $(SEED))

.PHONY: check
check: drift lint types coverage ## what the CI checks beside the tests

.PHONY: sandbox
sandbox: $(READY) ## the sandbox on http://127.0.0.1:8765
	@$(BIN)/python -m portone_v1.sandbox --port 8765

.PHONY: build
build: $(READY) ## sdist and wheel in dist/
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation

.PHONY: constraints
constraints: $(READY) ## pin the newest versions that pyproject.toml allows
	@$(COMPILE) --group dev --all-extras --output-file constraints/dev.txt
	@$(COMPILE) --group demo --extra sandbox --constraints constraints/dev.txt --output-file constraints/demo.txt

.PHONY: clean
clean: ## remove what the other targets made
	@rm -rf $(VENV) dist build site .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
