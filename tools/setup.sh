#!/bin/sh
# Makes the environment in .venv and build/, and says what it does. Safe to run again: finished
# steps are passed over. "tests" also installs what the tests use from Debian.
set -e
cd "$(dirname "$0")/.."

say() { echo "setup: $*"; }

# Debian packages by the command that proves them there.
need() {
    missing=""
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
    done
    [ -z "$missing" ] && return 0
    if [ "$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi
    if ! command -v apt-get >/dev/null 2>&1 || { [ -n "$sudo" ] && ! command -v sudo >/dev/null; }; then
        say "please install:$missing"
        exit 1
    fi
    say "installing from Debian:$missing"
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

if [ "$1" = tests ]; then
    need mosquitto:mosquitto mosquitto_sub:mosquitto-clients chromium:chromium socat:socat
    [ -x build/micropython32/micropython ] || {
        say "32-bit MicroPython into build/micropython32"
        .venv/bin/python -m tools.fetch32
    }
    exit 0
fi

need python3:python3
python3 -c "import ensurepip" 2>/dev/null || {
    say "installing from Debian: python3-venv"
    if [ "$(id -u)" = 0 ]; then apt-get update -qq; apt-get install -y -qq python3-venv >/dev/null
    else sudo apt-get update -qq; sudo apt-get install -y -qq python3-venv >/dev/null; fi
}

if ! cmp -s requirements.txt .venv/requirements.installed; then
    say "Python packages into .venv"
    [ -x .venv/bin/python ] || python3 -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
    cp requirements.txt .venv/requirements.installed
fi

if [ ! -f build/lib/umqtt/simple.py ]; then
    say "umqtt.simple into build/lib"
    .venv/bin/python -m tools.fetch_umqtt build/lib
fi
