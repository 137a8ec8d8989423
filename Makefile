# Countersign, from a fresh clone: `make run`. `make help` lists the rest.
# Ports and folders: WEB_PORT, RESTATE_INGRESS_PORT, RESTATE_ADMIN_PORT, RESTATE_NODE_PORT, AGENTS_PORT,
# POSTGRES_PORT, VAR_DIR; DATABASE_URL for a PostgreSQL server of your own.

PYTHON_IN_VENV := .venv/bin/python
FIND = python=$$(sh embedded/find-python.sh) && exec "$$python" -m embedded.install

# How large a storm `make chaos` raises.
REQUESTS ?= 100
MINUTES ?= 3
CLUSTER ?= 1
SEED ?=

# Without byte code every start compiles everything again.
unexport PYTHONDONTWRITEBYTECODE

# Where the samples' second version is served, beside the first.
SECOND_VERSION_PORT ?= 9081

.PHONY: help run second-version stop reset install install-dev test check bench chaos pictures lock translations

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 25

run: install ## set up what is missing, start everything, wait
	@$(PYTHON_IN_VENV) -m embedded.run

second-version: ## serve the samples' second version, beside `make run` (SECOND_VERSION_PORT=9081)
	@AGENTS_PORT="$(SECOND_VERSION_PORT)" AGENTS_VERSION=2 $(PYTHON_IN_VENV) -m embedded.environment $(PYTHON_IN_VENV) -m agents

stop: ## stop a run that was started elsewhere
	@$(PYTHON_IN_VENV) -m embedded.lock stop

reset: ## remove all data (not while running)
	@$(PYTHON_IN_VENV) -m embedded.lock reset

install: ## libraries and servers, into .venv and node_modules
	@$(FIND)

install-dev:
	@$(FIND) --dev

test: install-dev check ## set up, check, run every test
	@$(PYTHON_IN_VENV) -m embedded.chromium $(PYTHON_IN_VENV) -m pytest $(PYTEST_ARGS)

check: install-dev ## lint, types, templates, migrations
	@$(PYTHON_IN_VENV) -m embedded.check

bench: install-dev ## measure: decision to next step, request to all open pages, the pages, a full inbox
	@$(PYTHON_IN_VENV) -m embedded.chromium $(PYTHON_IN_VENV) -m bench

chaos: install-dev ## kill everything at random, and count (REQUESTS=100 MINUTES=3 CLUSTER=1 SEED=)
	@$(PYTHON_IN_VENV) -m chaos --requests="$(REQUESTS)" --minutes="$(MINUTES)" --cluster="$(CLUSTER)" --seed="$(SEED)"

translations: install-dev ## gather what is to be translated into the catalogues
	@$(PYTHON_IN_VENV) -m embedded.environment $(PYTHON_IN_VENV) manage.py gather_translations

pictures: install-dev ## take the pictures of the documentation anew
	@$(PYTHON_IN_VENV) -m embedded.chromium $(PYTHON_IN_VENV) -m tests.browser.pictures

lock: install-dev ## make the locks anew
	@$(PYTHON_IN_VENV) -m embedded.relock
