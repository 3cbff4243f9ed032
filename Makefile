# `make demo` and `make test` need Python 3.11 or newer and nothing else: the first run makes .venv, later ones use it.
# Another Python: make test PYTHON=python3.12
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help demo test check readme docs check-docs check-explorer dist clean
help:
	@echo 'make demo    see the method work on built-in actions, in minutes; results in runs/demo'
	@echo 'make test    check that all files agree, and run every notebook as a test'
	@echo 'make readme  write README.md from nbs/index.ipynb'
	@echo 'make docs    build the docs into _docs (with Quarto where it is installed, plain without)'
	@echo 'make check-docs  open every page of _docs in headless Chromium; screenshots in build/screenshots'
	@echo 'make check-explorer  move the explorer in headless Chromium'
	@echo 'make dist    build sdist and wheel into dist, and try the wheel outside the checkout'
	@echo 'make clean   remove what was built; .venv, runs and clips stay'

# .installing is there while pip runs: an install that was cut off is begun anew, an environment made by hand is kept.
$(READY): setup.py settings.ini constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= (3, 11) else f"Python 3.11 or newer is needed, this is {v[0]}.{v[1]}: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(if $(wildcard $(VENV)/.installing),--clear) $(VENV)
	@rm -f $@ && touch $(VENV)/.installing
	$(BIN)/python -m pip install -c constraints.txt -e '.[dev]'
	@mv $(VENV)/.installing $@

demo: $(READY)
	$(BIN)/skeletonmae demo --out runs/demo --overwrite

test: check
	@$(BIN)/python scripts/test_notebooks.py

check: $(READY)
	@$(BIN)/python scripts/check.py

readme: $(READY)
	@$(BIN)/python scripts/readme.py

docs: $(READY)
	@$(BIN)/python scripts/docs.py

check-docs: $(READY)
	@$(BIN)/python scripts/check_docs.py

check-explorer: $(READY)
	@$(BIN)/python scripts/drive_explorer.py

dist: $(READY)
	@$(BIN)/python scripts/check_wheel.py

clean:
	rm -rf build dist _docs _proc *.egg-info nbs/sidebar.yml nbs/nbdev.yml
