# The commands of this house. Each sets up what it needs; ARGS="..." is passed on.
.DEFAULT_GOAL := help
PY := .venv/bin/python
BIN := .venv/bin
ARGS ?=
# Set in some images. Without bytecode every command of every test compiles what it imports.
unexport PYTHONDONTWRITEBYTECODE
# Three for two cores: a test that waits for a clock or another process leaves its core to the next.
JOBS ?= $(shell echo $$(( ($$(nproc 2>/dev/null || echo 2) * 3 + 1) / 2 )))

.PHONY: help setup demo test test-long check bench mutate coverage shots lock strings clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: ## Debian packages and .venv (run by every other command)
	@.ci/setup

demo: setup ## the whole walk on this machine: kiosk, centre, paper (ARGS="--journey shopper")
	@$(BIN)/takeback demo $(ARGS)

test: setup ## every test, under 12 minutes on two cores
	@PYTHONDONTWRITEBYTECODE= QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software $(PY) -m pytest -n $(JOBS) --dist worksteal -m "not long" $(ARGS)

test-long: setup ## the long forms too
	@PYTHONDONTWRITEBYTECODE= QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software $(PY) -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: setup ## format, lint, types, imports, QML
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(PY) -m ui.qmllint

bench: setup ## figures, side by side in one run
	@$(PY) -m tests.bench $(ARGS)

mutate: setup ## what the tests of the policy miss (ARGS="--only rules/fee --quick")
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-mutation.lock
	@nice -n 10 $(PY) -m tests.mutation --workers 2 $(ARGS)

coverage: setup ## every branch of the policy's evaluator; fails where a test misses one
	@mkdir -p out
	@$(PY) -m coverage run --source=kiosk/domain/policy -m pytest -q -p no:xdist -m "not long" tests/domain/policy $(ARGS)
	@echo "beside it, what reads merchants' files:"
	@$(PY) -m coverage report --include="*/policy/file/*,*/policy/schema_org/*"
	@echo "the evaluator and its rules:"
	@$(PY) -m coverage report --omit="*/policy/file/*,*/policy/schema_org/*" --fail-under=100

shots: setup ## a picture of every screen (out/shots, out/counter) and of every page of the back office (out/pages)
	@QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software $(PY) -m ui.shots --out out/shots $(ARGS)
	@QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software $(PY) -m ui.counter.shots --out out/counter $(COUNTER_ARGS)
	@$(PY) -m tests.pages.shots --out out/pages

strings: setup ## gather new sentences into assets/i18n/*.po
	@$(PY) -m kiosk.words.gather $(ARGS)

lock: setup ## renew the locks from pyproject.toml (hashes, no addresses)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev --extra mutation pyproject.toml -o requirements-mutation.lock

clean: ## what commands made, but not .venv
	@rm -rf out build .pytest_cache .mypy_cache .ruff_cache .hypothesis
