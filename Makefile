# Two commands for a newcomer: `make run` and `make test`. They need Python 3.11, make, and a package registry.
#
#   make run     the portal with its demo district, until Ctrl-C       PORT=8000 DATA_DIR=.data DATABASE_URL= REDIS_URL=
#   make test    every test, in a real browser too                     WORKERS=2 TESTS="tests/portal/orgs -k absence"
#   make check   lint, types, import contracts, templates, migrations, settings, drawn flows
#   make drill   the reliability drill: processes killed at random     writes docs/
#   make bench   the benchmark on one million cases                    writes docs/
#   make lock    the locks, from pyproject.toml                        UPGRADE=--upgrade

PYTHON ?= $(shell for python in python3.11 python3; do $$python -c '' 2>/dev/null && echo $$python && break; done)
WORKERS ?= 2
TESTS ?= tests
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url

.PHONY: run test check drill bench lock browser

run: .venv/.run
	@exec $(BIN)/python manage.py up

test: .venv/.dev browser
	$(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

check: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy .
	$(BIN)/djlint templates --lint
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check
	env -u DEMO -u TESTING -u DEBUG BASE_URL=https://school.example \
	  SECRET_KEY="$$($(BIN)/python -c 'from portal.local.keys import secret_key; print(secret_key())')" \
	  SEAL_KEY="$$($(BIN)/python -c 'from portal.local.keys import seal_key; print(seal_key())')" \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING
	if $(BIN)/python manage.py help --commands | grep -qx flows; then $(BIN)/python manage.py flows --check; fi

drill: .venv/.dev
	$(BIN)/python -m tests.chaos.drill

bench: .venv/.dev
	$(BIN)/python -m tests.bench.run

lock: .venv/.dev
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) $(UPGRADE) --extra embedded -o requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) $(UPGRADE) --extra dev -c requirements.lock -o requirements-dev.lock

# Chromium and a Chinese font for the browser tests, by the system's package manager.
browser:
	@bash .ci/browser

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Sunlit needs Python 3.11 or later: choose one with PYTHON=."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "This Python lacks its venv module: install it (Debian: apt-get install python3-venv), or choose another with PYTHON=."; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.run: .venv/.made requirements.lock
	@echo "Installing what the portal runs on (about a minute, once) ..."
	@$(PIP) -r requirements.lock
	@touch $@

.venv/.dev: .venv/.made requirements-dev.lock
	@echo "Installing what the tests and checks run on (about a minute, once) ..."
	@$(PIP) -r requirements-dev.lock
	@touch $@
