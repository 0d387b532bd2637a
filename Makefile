# `make demo` gives a running site with demo data, `make test` runs all tests. `make help` lists the rest.
# No system package is needed beyond git, make and Python with venv; .venv is made on first use.

PORT ?= 8000
ARGS ?=
PYTHON := .venv/bin/python
STAMP := .venv/.up-to-date
APPS := communes criteria reports ntm_site
# What is typed strictly (pyproject.toml says how); a part that is not written yet is left out.
PURE := $(wildcard communes/lineage.py communes/vietnamese.py criteria/rules/*.py reports/charts/*.py reports/schematic/placement.py reports/schematic/quality.py ntm_site/env.py)

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test bench bench-national lint fix types lock check

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(STAMP) ## the whole site with demo data, on http://127.0.0.1:$(PORT)
	@PORT=$(PORT) exec $(PYTHON) -m ntm_site.devservices

demo-reset: $(STAMP) ## throw the demo data away (not while the demo runs)
	@exec $(PYTHON) -m ntm_site.devservices reset

test: $(STAMP) ## all tests; ARGS="-k name" passes options to pytest
	@tools/test $(ARGS)

bench: $(STAMP) ## the budgets on generated data, into bench/results.json; ONLY="B1" for some, SIZE=M for 500 communes
	$(PYTHON) -m bench $(SIZE) $(ONLY)

bench-national: $(STAMP) ## the whole country beside the province (an hour, 20 GB); COMMUNES=900 for a try, ONLY=outage to kill its workers too
	$(PYTHON) -m bench national $(COMMUNES) $(ONLY)

lint: $(STAMP) ## style, format, templates, direction of imports
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	@if find templates -name '*.html' 2>/dev/null | grep -q .; then $(PYTHON) -m djlint --quiet --lint templates; fi
	.venv/bin/lint-imports

fix: $(STAMP) ## mend what the linters can mend
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

types: $(STAMP) ## strict types of the pure parts
	$(PYTHON) -m mypy $(PURE)

check: lint types ## lint, types, migrations, deployment settings
	@tools/check-project

lock: $(STAMP) ## compile the requirements files again; UPGRADE=1 for newer versions
	UV=.venv/bin/uv $(PYTHON) -m tools.lock $(if $(UPGRADE),--upgrade)

$(STAMP): requirements-dev.txt requirements-uv.txt
	@tools/make-venv
	@touch $@
