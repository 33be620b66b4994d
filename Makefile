# Everything runs in an environment of its own, .venv; nothing else on the machine is touched.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   := scenarios/baseline-norway.yaml scenarios/cash-doubled.yaml scenarios/information-early.yaml
CODE   := avrr_sim tests docs/notebooks

.PHONY: demo readme-figures lint test test-browser docs bench clean

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

demo: $(VENV)/.ready       ## compare three scenarios and say where the report is
	$(BIN)/avrr compare $(DEMO)

lint: $(VENV)/.ready       ## style, format and types
	$(BIN)/python -m ruff check $(CODE)
	$(BIN)/python -m ruff format --check $(CODE)
	$(BIN)/python -m mypy

test: $(VENV)/.ready       ## every test that needs no browser
	$(BIN)/python -m pytest -n 2 --dist loadfile

# Playwright drives the Chromium of this machine and downloads none; axe-core comes from npm, with no script of its own run.
$(VENV)/.browser: $(VENV)/.ready tests/browser/package-lock.json
	@command -v npm >/dev/null || { echo "make test-browser needs npm and Chromium; on Debian: apt-get install npm chromium fonts-dejavu-core" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev,browser]"
	npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

test-browser: $(VENV)/.browser ## reports opened in a headless Chromium; needs Chromium and npm on this machine
	$(BIN)/python -m pytest tests/browser

readme-figures: $(VENV)/.ready  ## the two figures of the README, from the comparison of `make demo`
	rm -rf build/readme
	$(BIN)/avrr compare $(DEMO) --out build/readme
	mkdir -p docs/figures
	cp build/readme/figures/differences-applying.svg build/readme/figures/flows.svg docs/figures/

docs: $(VENV)/.ready       ## the site of docs/, into build/site; a broken link fails
	$(BIN)/zensical build --strict --clean

bench: $(VENV)/.ready      ## speed and memory, as ratios within one run; kept in benchmarks/history.csv
	$(BIN)/python tests/bench.py

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .hypothesis .ruff_cache .mypy_cache .cache tests/browser/node_modules
