#!/bin/sh
# Set up .venv/ for running (`tools/setup.sh run`) or developing (`tools/setup.sh dev`): only what is missing, nothing else.
#
# What was asked for is remembered as a checksum in .venv/, so a second call does nothing and needs no network.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}
case $purpose in
    run) extras=gan ;;
    dev) extras=gan,dev ;;
    *) echo "tools/setup.sh: '$purpose' is not a purpose; use run or dev." >&2; exit 2 ;;
esac
venv=.venv
log=$venv/setup.log

fail() { echo "$1" >&2; exit 2; }

# ruff, mypy and pytest sit on top of what running needs, so a developer's environment also serves to run.
wanted=$(cat pyproject.toml constraints.txt | cksum)
up_to_date() { [ -f "$venv/.ready-$1" ] && [ "$(cat "$venv/.ready-$1")" = "$wanted" ] && "$venv/bin/python" -c '' 2>/dev/null; }
if up_to_date "$purpose" || { [ "$purpose" = run ] && up_to_date dev; }; then exit 0; fi

recent='import sys; sys.exit(sys.version_info < (3, 11))'
python=
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c "$recent" 2>/dev/null; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    have=$("${PYTHON:-python3}" --version 2>/dev/null) || have="not there"
    fail "Python 3.11 or newer is needed and ${PYTHON:-python3} is $have: install it, or name one, as in PYTHON=/path/to/python3.12 make."
fi

if ! "$venv/bin/python" -c "$recent" 2>/dev/null; then
    "$python" -c 'import venv, ensurepip' 2>/dev/null || fail "Python's venv module is missing: install it (on Debian and Ubuntu: apt install python3-venv) and run make again."
    rm -rf "$venv"
    "$python" -m venv "$venv" || fail "The virtual environment could not be created in $venv: check that this folder can be written to."
fi

if ! "$venv/bin/python" -c 'import torch' 2>/dev/null; then
    free_kb=$(df -Pk . | awk 'NR == 2 { print $4 }')
    [ "$free_kb" -ge 7000000 ] || fail "About 7 GB of free disk space is needed (most of it PyTorch) and $((free_kb / 1000000)) GB is left: free some space and run make again."
fi

echo "Setting up $venv (a few minutes the first time, about 6 GB, most of it PyTorch; details in $log) ..." >&2
if ! "$venv/bin/python" -m pip install --disable-pip-version-check --progress-bar off -c constraints.txt -e ".[$extras]" >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    fail "Installing the packages failed (above: the end of $log): check the network connection and run make again."
fi
echo "$wanted" >"$venv/.ready-$purpose"
