# `make` lists the targets. Settings come from the environment or from .env (see .env.example).
PYTHON ?= python3
PORT ?= 8000

PY := .venv/bin/python
PYTEST = $(PY) -m pytest --quiet $(PYTEST_FLAGS)
TEST_SQLITE = $(PYTEST) -n2 --dist worksteal
TEST_POSTGRESQL = $(PY) -m tests.throwaway_postgres $(TEST_SQLITE)
ALL = --keep-going --no-print-directory
UV_COMPILE = UV_CUSTOM_COMPILE_COMMAND='make lock' $(PY) -m uv --no-config pip compile --quiet \
	--default-index https://pypi.org/simple --generate-hashes --universal --python-version 3.11 $(LOCK_FLAGS)

# Environment variables of other projects must not change this one.
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE DJANGO_SETTINGS_MODULE GUNICORN_CMD_ARGS

.DEFAULT_GOAL := help
.PHONY: help setup run static check test test-all test-code test-both test-sqlite test-postgresql coverage faults \
	screenshots bench lock format lint clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 13

setup: .venv/runtime.stamp ## make .venv, install the locked requirements, migrate the database
	@$(PY) manage.py migrate --noinput --verbosity 0

run: setup static ## import TRANSCRIPTS (default: the samples) and serve the site on 127.0.0.1:PORT
	@status=0; $(PY) manage.py import_transcripts $${TRANSCRIPTS:+"$$TRANSCRIPTS"} || status=$$?; \
	case $$status in \
	0) ;; \
	1) echo 'Some files were rejected (see above); the site starts without them.' ;; \
	*) exit $$status ;; \
	esac
	@echo
	@echo 'The site:     http://127.0.0.1:$(PORT)/   (Ctrl-C stops it)'
	@echo 'A moderator:  .venv/bin/python manage.py createsuperuser'
	@echo
	@exec $(PY) -m gunicorn --bind '127.0.0.1:$(PORT)' --workers 2 --no-control-socket archive.wsgi

# Collecting compresses, which takes seconds: only if something is newer than the manifest.
static: setup
	@manifest="$$($(PY) -c 'from archive.settings import STATIC_ROOT as root; print(root)')/staticfiles.json"; \
	if [ ! -e "$$manifest" ] || [ -n "$$(find static requirements.txt archive/settings.py -newer "$$manifest")" ]; then \
		$(PY) manage.py collectstatic --noinput --verbosity 0; \
	fi

check: .venv/development.stamp ## lint, types, and the tests without database and browser: a minute
	@$(MAKE) $(ALL) --jobs=2 lint test-code

test: .venv/development.stamp ## every check, and the tests on SQLite and on PostgreSQL: twelve minutes
	@$(MAKE) $(ALL) --jobs=2 lint test-both

test-all: .venv/development.stamp ## the same with the long tests, everything on both databases: an hour
	@$(MAKE) $(ALL) --jobs=2 lint test-both PYTEST_FLAGS='--thorough $(PYTEST_FLAGS)'

test-code: .venv/development.stamp
	@$(PYTEST) -n0 --without-database

# One after the other, as each keeps two cores busy.
test-both: .venv/development.stamp
	@status=0; $(TEST_SQLITE) || status=$$?; $(TEST_POSTGRESQL) || status=$$?; exit $$status

test-sqlite: .venv/development.stamp
	@$(TEST_SQLITE)

test-postgresql: .venv/development.stamp
	@$(TEST_POSTGRESQL)

coverage: .venv/development.stamp ## which lines and branches of the site the quick suite runs, on both databases
	@$(PY) -m coverage erase
	@$(MAKE) $(ALL) test-both PYTEST='$(PY) -m coverage run -m pytest $(PYTEST_FLAGS)'
	@$(PY) -m coverage combine --quiet
	@$(PY) -m coverage report

faults: .venv/development.stamp ## put each fault of tests/faults into a copy, and see which tests catch it
	@$(PY) -m tests.faults

screenshots: .venv/development.stamp ## update the screenshots in docs/screenshots
	@$(PY) -m tests.browser.screenshots

bench: .venv/development.stamp ## run the benchmarks, at SCALE
	@$(PY) -m benchmarks

lock: .venv/development.stamp ## compile the lock files (LOCK_FLAGS=--upgrade takes the newest versions)
	$(UV_COMPILE) requirements.in --output-file requirements.txt
	$(UV_COMPILE) requirements-dev.in --output-file requirements-dev.txt

format: .venv/development.stamp ## format code and templates
	$(PY) -m ruff check --fix --exit-zero --quiet .
	$(PY) -m ruff format .
	$(PY) -m djlint --reformat --warn --quiet .

lint: .venv/development.stamp ## check formatting, lint rules and types, without tests
	$(PY) -m ruff check --quiet .
	$(PY) -m ruff format --quiet --check .
	$(PY) -m djlint --lint --check --quiet .
	$(PY) -m mypy

clean: ## remove .venv and caches; var/ with the database stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo 'This Python cannot create virtual environments: apt-get install python3-venv' >&2; exit 1; }
	@echo 'Making .venv ...'
	@$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/runtime.stamp: requirements.txt .venv/made.stamp
	@echo 'Installing requirements.txt ...'
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/development.stamp: requirements-dev.txt .venv/runtime.stamp
	@echo 'Installing requirements-dev.txt ...'
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
