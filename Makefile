# make        set up .venv/
# make run    set up, then serve the dashboard on http://127.0.0.1:8501 (PORT=… for another port)
# make test   set up, then pass the tests
# make check  set up, then lint, types and the arrows between the packages
# make bench  set up, then time this against what it is compared with; make gpu-check tries everything on a GPU

PORT ?= 8501
BIN := .venv/bin
.DEFAULT_GOAL := setup
.PHONY: setup run test check format bench gpu-check clean

setup:
	@tools/setup.sh run

run: setup
	@exec $(BIN)/aigc-report dashboard --port $(PORT) --first-benchmark

test:
	@tools/setup.sh dev
	@tools/chromium.sh
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

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

# Left out: tune.py (compares settings, not programs), validate_extractors.py (over seven minutes; the figures of
# docs/extractors.md), gpu_check.py (needs a GPU; make gpu-check), page_speed.py and load.py (minutes, and want the machine
# alone), and what others share: pages.py, serving.py, viewer.py. Each runs by its name: python benchmarks/NAME.py
NOT_IN_BENCH := tune validate_extractors gpu_check page_speed load pages serving viewer
bench:
	@tools/setup.sh dev
	@for script in $(filter-out $(NOT_IN_BENCH:%=benchmarks/%.py),$(wildcard benchmarks/*.py)); do echo "== $$script"; $(BIN)/python $$script || exit 1; done

gpu-check:
	@tools/setup.sh dev
	$(BIN)/python benchmarks/gpu_check.py $(ARGS)

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
