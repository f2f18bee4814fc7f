# One environment, .venv, serves everything; it is installed again when pyproject.toml or constraints.txt change.
# Another Python: make PYTHON=python3.13 demo

PYTHON ?= python3
ROOMS := derivations checkers cli
BIN := .venv/bin
# Tests run on two processes; `make test WORKERS=0` runs them in one.
WORKERS ?= 2

# An environment knows its absolute place: the stamp carries it, so a clone that was moved or copied is installed anew.
STAMP := .venv/installed-$(shell pwd -P | cksum | cut -d ' ' -f 1)
# mypy finds hwcheck.derivations and the others through a folder of links with their real names.
LINKS := .cache/links

# Twice quiet: errors only.
PIP := $(BIN)/python -m pip -qq
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
unexport PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint install clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(STAMP) ## install into .venv, then derive three Jacobians, a computation graph and a network, judge two answers, grade a submission
	@for function in 'f(w) = Xw' 'f(w) = ||w||^2' 'f(W) = XW^T'; do \
	    printf "\n$$ hwcheck jacobian '%s'\n" "$$function"; \
	    $(BIN)/hwcheck jacobian "$$function" || exit; \
	done
	@printf '\n$$ hwcheck backprop --point 1,3,2\n'
	@$(BIN)/hwcheck backprop --point 1,3,2
	@printf '\n$$ hwcheck network --layers 2,3,1 --activations sigmoid --loss half-squared\n'
	@$(BIN)/hwcheck network --layers 2,3,1 --activations sigmoid --loss half-squared
	@for answer in '2w' 'w^T + w^T'; do \
	    printf "\n$$ hwcheck verify 'f(w) = ||w||^2' --answer '%s'\n" "$$answer"; \
	    $(BIN)/hwcheck verify 'f(w) = ||w||^2' --answer "$$answer" || [ $$? = 1 ] || exit; \
	done
	@printf '\n$$ hwcheck grade examples/homework.md --set examples/warm-up.md\n'
	@$(BIN)/hwcheck grade examples/homework.md --set examples/warm-up.md || [ $$? = 1 ]

test: $(STAMP) ## everything: the linters, then every test (warnings are errors)
	@lint=0; $(MAKE) --no-print-directory --keep-going lint || lint=1; \
	$(BIN)/python -m pytest -n $(WORKERS) || exit; \
	if [ $$lint != 0 ]; then echo 'The tests pass; a linter above does not.' >&2; exit 1; fi

lint: lint-style lint-types lint-imports ## ruff, mypy (strict on the three rooms), the import contracts

.PHONY: lint-style lint-types lint-imports
lint-style: $(STAMP)
	@echo 'ruff'; $(BIN)/ruff check --quiet .

lint-types: $(STAMP)
	@rm -rf $(LINKS); mkdir -p $(LINKS)/hwcheck
	@for room in $(ROOMS); do ln -s ../../../$$room $(LINKS)/hwcheck/$$room; done
	@echo 'mypy'; MYPYPATH=$(LINKS) $(BIN)/python -m mypy -p hwcheck

lint-imports: $(STAMP)
	@echo 'import contracts'; $(BIN)/lint-imports --no-logo --cache-dir .cache/importlinter

install: $(STAMP) ## the environment .venv alone, with the pinned versions

# build/ is removed first: setuptools would ship modules from it that no longer exist in the sources.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo 'hwcheck needs Python 3.11 or newer, and $(PYTHON) is not; try: make PYTHON=python3.12 demo' >&2; exit 1; }
	@echo 'installing into .venv (a minute or two, once)'
	@rm -rf build *.egg-info .venv/installed-*
	@$(PYTHON) -m venv .venv || { echo 'Python could not make .venv; is its venv module installed?' >&2; exit 1; }
	@$(PIP) install -c constraints.txt setuptools wheel
	@$(PIP) install -c constraints.txt --no-build-isolation -e '.[dev]'
	@touch $@

clean: ## remove the environment, caches and builds
	@rm -rf .venv .cache .hypothesis build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
