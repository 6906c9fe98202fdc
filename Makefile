# make run: a demo town at http://127.0.0.1:8000/    make test: everything    make check: lint, types, contracts, docs
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export MINGTANG_DATA ?= $(CURDIR)/var

.PHONY: run test check bench lock

run: $(VENV)/.runtime
	@$(BIN)/mingtang demo
	@exec $(BIN)/mingtang serve

test: $(VENV)/.development
	@PATH="$(CURDIR)/$(BIN):$$PATH" tests/run

check: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m docs.generate --check

bench: $(VENV)/.development
	$(BIN)/python -m bench

lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q -o requirements/base.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q -o requirements/dev.txt

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "没有找到 $(PYTHON)。请先安装 Python 3.11 或更新的版本：apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 太旧，需要 3.11 或更新的版本。可以用 make PYTHON=python3.12 指定。"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "建不了虚拟环境。请先安装：apt install python3-venv"; exit 1; }

$(VENV)/.runtime: requirements/base.txt | $(VENV)/bin/python
	@echo "正在安装运行所需的软件包（只在第一次）……"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.development: requirements/dev.txt | $(VENV)/bin/python
	@echo "正在安装开发所需的软件包（只在第一次）……"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.runtime
