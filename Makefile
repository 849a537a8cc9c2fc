# Two commands: `make run` and `make test`. Both set up .venv as far as they need it,
# and may be run again at any time, in any order.

VENV := .venv
BIN := $(VENV)/bin
# What the main job needs is in place; and what everything else needs, too.
READY_TO_RUN := $(VENV)/.ready-run
READY := $(VENV)/.ready-dev
# The first interpreter that is Python 3.11 or 3.12 (MXNet exists for no newer).
FIND_PYTHON := for p in python3 python3.11 python3.12 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' \
	2>/dev/null && { echo $$p; exit 0; }; done
FREE := d2l.common d2l.interface d2l.trials d2l.keys d2l.parity d2l.cli d2l.book

.PHONY: run test test-one install lint generated section unit unit-frameworks parity \
	parity-newest changed evidence benchmark results book browser constraints clean

run: $(READY_TO_RUN)
	$(BIN)/d2l compare lenet

# The unit tests first, two processes at a time; then, on all cores, the parity cases
# that have no evidence yet and a sample of the others.
test: lint
	+$(MAKE) --no-print-directory -j 2 unit-frameworks unit
	+$(MAKE) --no-print-directory changed

install: $(READY)

$(READY_TO_RUN) $(READY): $(VENV)/.ready-%: pyproject.toml constraints.txt
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo "d2l-suite needs Python 3.11 or 3.12, and there is none on the PATH." >&2; \
		exit 1; \
	fi; \
	$$python tools/set_up.py $*

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	@$(BIN)/python -m tools.generate --check

# Stubs, exports and the README's table, from d2l/interface and contents.toml.
generated: $(READY)
	@$(BIN)/python -m tools.generate

# The skeleton of a section: KEY=chapter/section KIND=model TITLE='Its Title'; where only
# some frameworks can have it KIND=bound FRAMEWORKS=torch,mxnet REASON='Why no others.'
section: $(READY)
	@$(BIN)/python -m tools.section "$$KEY" "$$KIND" "$$TITLE" "$$FRAMEWORKS" "$$REASON"

unit: $(READY) browser
	rm -f .coverage .coverage.*
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests \
		--ignore=tests/torch --ignore=tests/tensorflow --ignore=tests/jax \
		--ignore=tests/mxnet $(FREE:%=--cov=%) --cov-report=term:skip-covered \
		--cov-fail-under=90

# Each framework's own tests run in a process of their own: a process has one
# default precision.
unit-frameworks: $(READY)
	for framework in torch tensorflow jax mxnet; do \
		OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests/$$framework || exit 1; \
	done

# The site is tested in Chromium, from the distribution where there is none.
APT := apt-get -qq -o Dpkg::Use-Pty=0
browser:
	@command -v chromium chromium-browser google-chrome >/dev/null \
	|| { $(APT) update && $(APT) install -y --no-install-recommends chromium; } \
		>/dev/null 2>&1 \
	|| echo "NO BROWSER, AND NONE CAN BE INSTALLED: THE SITE IS NOT TESTED." >&2

# Everything: 20 steps, both precisions, all frameworks. What passes is kept as evidence.
PARITY := OMP_NUM_THREADS=1 $(BIN)/python -m pytest -p no:cacheprovider

# On the cores there are, or as said: WORKERS=2, or a Dask cluster, CLUSTER=tcp://...
# SHARD=1/4 is the first of four parts.
WORKERS ?= auto
SPREAD = $(if $(CLUSTER),--cluster $(CLUSTER),--workers $(WORKERS)) \
	$(if $(SHARD),--shard $(SHARD))

# Elsewhere: a framework in another interpreter, PYTHON_JAX=PATH, or DEVICE=gpu.
PLACES = $(strip $(if $(PYTHON_TORCH),--python 'torch=$(PYTHON_TORCH)') \
	$(if $(PYTHON_TENSORFLOW),--python 'tensorflow=$(PYTHON_TENSORFLOW)') \
	$(if $(PYTHON_JAX),--python 'jax=$(PYTHON_JAX)') \
	$(if $(PYTHON_MXNET),--python 'mxnet=$(PYTHON_MXNET)') \
	$(if $(DEVICE),--device $(DEVICE)))
TESTS ?= parity_tests

parity: $(READY)
	$(PARITY) $(TESTS) $(or $(PLACES),--keep) $(SPREAD)

# FRAMEWORK's newest releases, where they are newer than the pinned ones, in an
# environment of their own; or a candidate: RELEASE='jax==0.9.0rc1 jaxlib==0.9.0rc1'.
NEWEST = .venv-newest-$(FRAMEWORK)
parity-newest: $(READY)
	@$(BIN)/python -m parity_tests.elsewhere.newest $(FRAMEWORK) $(NEWEST) $(RELEASE); \
	found=$$?; test $$found != 3 || exit 0; test $$found = 0 || exit $$found; \
	$(PARITY) $(TESTS) --python $(FRAMEWORK)=$(NEWEST)/bin/python $(SPREAD)

# What has no evidence under its key, and a sample of the rest. Were it all, and the
# book ever so long: after these minutes float32 is left out but for a sample.
MINUTES ?= 50
changed: $(READY)
	$(PARITY) parity_tests --changed --keep --minutes $(MINUTES) $(SPREAD)

# The deep tier: 100 steps; rewrites docs/evidence.
evidence: $(READY)
	$(PARITY) parity_tests --keep $(SPREAD) --steps 100 --evidence docs/evidence

benchmark: $(READY)
	$(BIN)/python -m benchmarks --table docs/benchmarks.md

# Trains on real data, which are downloaded or in $$D2L_DATA: an hour.
results: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.real_data

# The site of the book, in build/book.
book: $(READY)
	$(BIN)/d2l book build

# Pins what is installed now, by name and version only.
constraints:
	$(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu//' > constraints.txt

clean:
	rm -rf $(VENV) .venv-* build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache

# One framework alone, with any Python it supports: its own tests, and the parity
# tests that need no other. Installs into an environment of its own.
FRAMEWORK ?= torch
ALONE := .venv-$(FRAMEWORK)
test-one:
	test -x $(ALONE)/bin/python || python3 -m venv $(ALONE)
	$(ALONE)/bin/python -m pip install --quiet -e '.[$(FRAMEWORK),dev]'
	OMP_NUM_THREADS=1 $(ALONE)/bin/python -m pytest tests/common tests/$(FRAMEWORK)
	OMP_NUM_THREADS=1 $(ALONE)/bin/python -m pytest parity_tests --framework $(FRAMEWORK)
