# Good Ends: `make run` and `make test` are all that a newcomer needs. `make help` lists the rest.
PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Node from PATH when it is new enough, else from a wheel; both put `node` and `npm` on PATH.
NODE_OK = node -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null

.DEFAULT_GOAL := help
.PHONY: help run test lint types imports security tests audit bench lock clean

help:  ## List the targets.
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|'

run: .venv/run .built  ## Serve Good Ends with demo data on PORT (8000), data under DATA_DIR (instance).
	@exec python -m tools.serve

test: .venv/test .built lint types imports security tests  ## Everything that CI checks.

lint: .venv/test  ## Style of Python.
	ruff check . && ruff format --check .

types: .venv/test  ## Types, strictly.
	mypy

imports: .venv/test  ## Who may import whom, and that each dependency is used.
	lint-imports && deptry .

security: .venv/test  ## Known bad patterns, and secrets that slipped in.
	bandit -q -c pyproject.toml -r backend mobile_api mobile_app web wsgi.py -ll -ii
	git ls-files -z | xargs -0 detect-secrets-hook --baseline .secrets.baseline

tests: .venv/test .built  ## Every test, on SQLite and PostgreSQL, with a real browser where there is one.
	pytest -n 2 --dist loadgroup

bench: .venv/test .built  ## Build a million sessions and print every ratio beside its goal.
	python -m bench

audit: .venv/test .built  ## Lighthouse, axe and weight of every kind of page, into docs/quality.md.
	python -m tools.audit

lock: .venv/test  ## Write the hash-locked requirements anew from the .in files.
	for name in requirements requirements-dev requirements-node; do \
	  uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $$name.in -o $$name.txt; done

clean:  ## Forget what was built and installed; keep the data.
	rm -rf .venv .built node_modules mobile_app/static

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Good Ends needs Python 3.11 or newer: make PYTHON=python3.12 run")'
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python requirements.txt
	python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/test: .venv/run requirements-dev.txt
	python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.venv/node: .venv/bin/python requirements-node.txt
	@$(NODE_OK) || python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-node.txt
	@touch $@

node_modules/.package-lock.json: .venv/node package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.built: node_modules/.package-lock.json $(shell find mobile_app/src mobile_app/templates mobile_api/src admin/src admin/templates -type f 2>/dev/null) vite.config.js
	npm run --silent build
	@touch $@
