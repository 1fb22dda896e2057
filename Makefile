# The targets call the programs in tools/.
PY := .venv/bin/python
ARGS ?=

PYTEST := $(PY) -m pytest -q -n 4 --dist loadfile --no-loadscope-reorder --ignore tests/unit

.PHONY: help setup setup-tests run test test-long check fmt bench image firmware ram fuzz mpy clean

help:            ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 18

setup:           ## install what the firmware needs to run here (idempotent)
	@sh tools/setup.sh

setup-tests: setup
	@sh tools/setup.sh tests

run: setup       ## firmware and simulated meter; ARGS="--meter kaifa --http-port 8080"
	@$(PY) -m tools.run $(ARGS)

test: setup-tests ## the checks, unit tests on each runtime, other tests, the load on the stand-in
	@$(PY) -m tools.check
	@$(PY) -m tools.unit
	@$(PYTEST) --ignore tests/image tests
	@$(PY) -m pytest -q tests/image

test-long: setup-tests ## the tests marked long: years of energy, other decoders, cut fuzz inputs
	@$(PYTEST) -m long tests

check: setup     ## style, types, import levels, compiles for the chip
	@$(PY) -m tools.check

fmt: setup       ## format the sources
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

bench: setup-tests ## time and memory against a peer or a limit, to build/bench.json
	@$(PY) -m tools.bench

image: setup-tests ## the stand-in: the firmware frozen into a 32-bit MicroPython

firmware: setup  ## image of a board: BOARD=pow_u; needs docker, podman or ESP-IDF, see boards/README.md
	@$(PY) -m tools.image firmware --board $(BOARD) $(ARGS)

ram: setup-tests ## heap of the stand-in by module, and the smallest that works, to build/ram.json
	@$(PY) -m tools.ram

fuzz: setup      ## ten minutes of coverage-guided fuzzing (atheris)
	@$(PY) -m pip install -q -r requirements-fuzz.txt && $(PY) -m tools.fuzz

mpy: setup       ## compile for the ESP32 and print the sizes
	@$(PY) -m tools.build --arch xtensawin --out build/mpy --sizes

clean:           ## remove build/ and the environment
	rm -rf build .venv
