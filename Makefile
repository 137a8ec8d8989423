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

.PHONY: help run stop reset install install-dev test check bench chaos lock

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 20

run: install ## set up what is missing, start everything, wait
	@$(PYTHON_IN_VENV) -m embedded.run

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

bench: install-dev ## measure from the decision to the agent's next step
	@$(PYTHON_IN_VENV) -m bench

chaos: install-dev ## kill everything at random, and count (REQUESTS=100 MINUTES=3 CLUSTER=1 SEED=)
	@$(PYTHON_IN_VENV) -m chaos --requests="$(REQUESTS)" --minutes="$(MINUTES)" --cluster="$(CLUSTER)" --seed="$(SEED)"

lock: install-dev ## make the locks anew
	@$(PYTHON_IN_VENV) -m embedded.relock
