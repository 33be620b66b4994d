# Everything runs in an environment of its own, .venv; nothing else on the machine is touched.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   := scenarios/baseline-norway.yaml scenarios/cash-doubled.yaml scenarios/information-early.yaml
CODE   := avrr_sim tests docs/notebooks

.PHONY: demo readme-figures lint test test-browser test-firefox test-newest test-lowest fuzz torture docs bench sbom wheel clean

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

demo: $(VENV)/.ready       ## compare three scenarios, say where the report is, and leave a page in which levers are moved
	$(BIN)/avrr compare $(DEMO)
	@mkdir -p build
	$(BIN)/avrr explore $(DEMO) --draws 40 --out build/explore.html

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
	$(BIN)/python -m pytest tests/browser -n 2 --dist loadfile

test-firefox: $(VENV)/.browser ## the page of avrr explore in Firefox; needs Firefox (Debian: firefox-esr) and npm
	npm ci --prefix tests/browser/firefox --ignore-scripts --no-audit --no-fund --loglevel=error
	$(BIN)/python -m pytest tests/browser/test_firefox.py -rs

readme-figures: $(VENV)/.ready  ## the two figures of the README, from the comparison of `make demo`
	rm -rf build/readme
	$(BIN)/avrr compare $(DEMO) --out build/readme
	mkdir -p docs/figures
	cp build/readme/figures/differences-applying.svg build/readme/figures/flows.svg docs/figures/

fuzz: $(VENV)/.ready       ## 37,500 files, designs and manifests, nearly all spoiled, and 2,500 facts of studies; a quarter of an hour
	AVRR_FUZZ=1500 $(BIN)/python -m pytest tests/robustness/test_fuzz.py tests/robustness/test_generated.py -n 2 -k "not facts"
	AVRR_FUZZ=500 $(BIN)/python -m pytest tests/robustness/test_fuzz.py -n 2 -k facts

torture: $(VENV)/.ready    ## kills, full disks, turned bits, two writers, lost clusters; half an hour; prints what was lost
	$(BIN)/python tests/torture.py --minutes $(or $(MINUTES),30)

# The newest and the lowest versions that are allowed, each in an environment of its own; a part of the tests, some minutes each.
PART   := tests/robustness/test_systems.py tests/robustness/test_texts.py tests/model/test_files.py tests/model/test_cases.py tests/study/sweep/test_sweep.py::test_differences_of_a_sweep_are_those_of_a_comparison
NEWEST ?= python3.13
test-newest:               ## a part of the tests with the newest dependencies, on Python 3.13 (NEWEST=...)
	$(NEWEST) -m venv build/newest
	build/newest/bin/python -m pip install --quiet --upgrade --editable ".[test]"
	build/newest/bin/python -m pytest -n 2 --dist loadfile $(PART)

test-lowest:               ## a part of the tests with the lowest dependencies
	$(PYTHON) -m venv build/lowest
	build/lowest/bin/python -m pip install --quiet --constraint constraints-lowest.txt --editable . pytest pytest-xdist hypothesis
	build/lowest/bin/python -m pytest -n 2 --dist loadfile $(PART)

$(VENV)/.release: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev,release]"
	touch $@

wheel: $(VENV)/.release    ## the wheel, into dist/: built twice to the same bytes, installed elsewhere and tried
	$(BIN)/python tests/wheel.py --without-dependencies

sbom: $(VENV)/.ready       ## what is installed here, as CycloneDX JSON for a scanner, into build/sbom.json
	$(PYTHON) -m venv build/tools
	build/tools/bin/python -m pip install --quiet "cyclonedx-bom>=5"
	build/tools/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o build/sbom.json $(BIN)/python

docs: $(VENV)/.ready       ## the site of docs/, into build/site; a broken link fails
	$(BIN)/zensical build --strict --clean

bench: $(VENV)/.ready      ## speed and memory, as ratios within one run; kept in benchmarks/history.csv
	$(BIN)/python tests/bench.py

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .hypothesis .ruff_cache .mypy_cache .cache tests/browser/node_modules tests/browser/firefox/node_modules
