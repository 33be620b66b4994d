# Everything runs in an environment of its own, .venv; nothing else on the machine is touched.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   := scenarios/baseline-norway.yaml scenarios/cash-doubled.yaml scenarios/information-early.yaml

.PHONY: demo readme-figures test test-browser bench lint clean

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[test]"
	touch $@

demo: $(VENV)/.ready       ## compare three scenarios and say where the report is
	$(BIN)/avrr compare $(DEMO)

test: $(VENV)/.ready       ## every test
	$(BIN)/python -m pytest -n 2 --dist loadfile

# Playwright drives the Chromium of this machine and downloads none; axe-core comes from npm, with no script of its own run.
$(VENV)/.browser: $(VENV)/.ready tests/browser/package-lock.json
	@command -v npm >/dev/null || { echo "make test-browser needs npm and Chromium; on Debian: apt-get install npm chromium fonts-dejavu-core" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[test,browser]"
	npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

test-browser: $(VENV)/.browser ## reports opened in a headless Chromium; needs Chromium and npm on this machine
	$(BIN)/python -m pytest tests/browser

readme-figures: $(VENV)/.ready  ## the two figures of the README, from the comparison of `make demo`
	rm -rf build/readme
	$(BIN)/avrr compare $(DEMO) --out build/readme
	mkdir -p docs/figures
	cp build/readme/figures/differences-applying.svg build/readme/figures/flows.svg docs/figures/

bench: $(VENV)/.ready      ## speed and memory, as ratios within one run
	$(BIN)/python tests/bench.py

lint: $(VENV)/.ready
	$(BIN)/python -m ruff check avrr_sim tests

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .hypothesis .ruff_cache tests/browser/node_modules
