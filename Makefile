# make        set up .venv/
# make run    set up, then serve the dashboard on http://127.0.0.1:8501 (PORT=… for another port)
# make test   set up, then pass the tests
# make check  set up, then lint, types and the arrows between the packages

PORT ?= 8501
BIN := .venv/bin
.DEFAULT_GOAL := setup
.PHONY: setup run test check format bench clean

setup:
	@tools/setup.sh run

run: setup
	@exec $(BIN)/aigc-report dashboard --port $(PORT) --first-benchmark

test:
	@tools/setup.sh dev
	@tools/chromium.sh
	$(BIN)/python -m pytest $(ARGS)

check:
	@tools/setup.sh dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/aigc-report data check

format:
	@tools/setup.sh dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench:
	@tools/setup.sh dev
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
