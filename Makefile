# Every target is one line to type; the first use makes .venv from the locks.
PYTHON ?= python3
PORT ?= 8000
ONCE ?=
ARGS ?=
BIN := .venv/bin
DEPLOYED := STRATA_PUBLIC_URL=https://registry.example.org STRATA_ALLOWED_HOSTS=registry.example.org

.DEFAULT_GOAL := help
.PHONY: help run demo-table test oracles coverage-sim planted bench-statistics bench-import property-import hostile-files e2e kill kill-import check fmt compose-check docker-lint lock clean

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

run: .venv/run.stamp ## start Strata on this machine until Ctrl-C; PORT=8001 elsewhere, ONCE=1 stops after the demonstration
	@exec $(BIN)/python manage.py up --port $(PORT) $(if $(ONCE),--once)

demo-table: .venv/run.stamp ## the published table of a registry beside the demonstration's figures; fails unless all are within rounding
	@exec $(BIN)/python manage.py up --port $(PORT) --once --then demo_table

test: .venv/test.stamp ## every test on a throw-away PostgreSQL; ARGS="-k audit" some of them
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal $(ARGS)

oracles: .venv/test.stamp ## every figure that others computed or printed, through the registry's own functions; without a database
	$(BIN)/python -m pytest -p no:tests.postgres_plugin -qq --oracles tests/statistics $(ARGS)

coverage-sim: .venv/test.stamp ## how often the intervals hold the truth, over drawn registries (some minutes); REPLICATES=200 for a quick look
	$(BIN)/python -m tests.statistics.coverage_sim

planted: .venv/test.stamp ## how often the interval holds the saving planted in each category, over 200 seeds (some minutes); SEEDS=20 for a quick look
	$(BIN)/python manage.py shell --no-imports -c "from tests.management import planted_sim; planted_sim.run()"

bench-statistics: .venv/test.stamp ## seconds of every measure from the cells of 10,000 and of 1,000,000 cases, and their ratio (some minutes)
	$(BIN)/python -m benchmarks.statistics

bench-import: .venv/test.stamp .venv-peers/stamp ## 100,000 cases in a file beside raw COPY, django-import-export and DRF (some minutes); ROWS=1000000 ROUNDS=1 for more
	@$(if $(ROWS),ROWS=$(ROWS)) $(if $(ROUNDS),ROUNDS=$(ROUNDS)) $(BIN)/python -m benchmarks.import_cases

property-import: .venv/test.stamp ## random files against the same rows sent case by case; BATCHES=200 for a quick look, SEED=… for one that failed
	BATCHES=$(or $(BATCHES),2000) $(if $(SEED),SEED=$(SEED)) $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal tests/properties $(ARGS)

hostile-files: .venv/test.stamp ## every hostile file of tests/hostile/ in a process of its own: as documented, within 5 s and 256 MB (some minutes)
	$(BIN)/python -m tests.hostile.run

e2e: .venv/test.stamp ## the browser journeys alone (Chromium of the machine)
	$(BIN)/python -m pytest -m e2e $(ARGS)

kill: .venv/test.stamp ## the worker and PostgreSQL killed with -9 in the middle of the real OR log, and of a file of cases
	$(BIN)/python -m pytest -n 0 tests/journeys/test_kill.py tests/journeys/test_kill_cases.py $(ARGS)

kill-import: .venv/test.stamp ## 20 random kills while 20,000 cases are checked, imported and undone (some minutes); KILLS=, ROWS=, SEED= otherwise
	KILLS=$(or $(KILLS),20) ROWS=$(or $(ROWS),20000) $(if $(SEED),SEED=$(SEED)) $(BIN)/python -m pytest -n 0 tests/journeys/test_kill_cases.py $(ARGS)

check: .venv/test.stamp ## style, types, import contracts, templates, migrations, deployment settings
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint registry/web/templates
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(DEPLOYED) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/mypy

fmt: .venv/test.stamp ## format the code and mend what can be mended
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

compose-check: .venv/test.stamp ## docker-compose.yml, read by the real Compose
	$(BIN)/docker-compose -f docker-compose.yml config -q
	@echo "docker-compose.yml is valid"

docker-lint: .venv/test.stamp ## Dockerfile, read by hadolint
	$(BIN)/hadolint Dockerfile
	@echo "Dockerfile is clean"

lock: .venv/test.stamp ## pin what pyproject.toml asks for; UPGRADE=1 to newer versions
	$(BIN)/uv pip compile $(LOCK) pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile $(LOCK) pyproject.toml --group dev -c requirements.txt -o tests/requirements.txt
	$(BIN)/uv pip compile $(LOCK) --group peers -c requirements.txt -o benchmarks/peers/requirements.txt

clean: ## remove .venv and caches; the data in var/ stay
	rm -rf .venv .venv-peers .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

LOCK = --quiet --universal --generate-hashes --no-header --python-version 3.11 $(if $(UPGRADE),--upgrade)
# uv installs in a tenth of pip's time and is pinned like everything else; where it cannot, pip does.
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) \
	|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Strata needs Python 3.11 or later: make PYTHON=python3.12")'
	@echo "Making .venv …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/^[a-z]/{/^uv==/p;/^ *--hash/p;}' tests/requirements.txt > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt

.venv/run.stamp: requirements.txt | .venv/bin/uv
	@echo "Installing the packages of requirements.txt …"
	@$(call INSTALL,requirements.txt)
	@touch $@

.venv/test.stamp: tests/requirements.txt | .venv/bin/uv
	@echo "Installing the packages of tests/requirements.txt …"
	@$(call INSTALL,tests/requirements.txt)
	@touch $@ .venv/run.stamp

.venv-peers/stamp: benchmarks/peers/requirements.txt | .venv/bin/uv
	@echo "Making .venv-peers …"
	@test -x .venv-peers/bin/python || $(PYTHON) -m venv .venv-peers
	@$(BIN)/uv pip install --quiet --python .venv-peers/bin/python --require-hashes -r $< \
		|| .venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
