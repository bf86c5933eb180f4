#!/usr/bin/env bash
# Makes a virtual environment with exactly the files that a requirements file names by hash.
# Usage: scripts/environment.sh DIRECTORY REQUIREMENTS
set -euo pipefail
directory=$1
requirements=$2

say() { printf '%s\n' "$*"; }

for python in python3.11 python3; do
    if command -v "$python" >/dev/null; then
        break
    fi
    python=
done
if [ -z "$python" ]; then
    say "Python 3.11 or later is needed, and neither python3.11 nor python3 was found." >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "Python 3.11 or later is needed; $python is $("$python" --version)." >&2
    exit 1
fi
if [ ! -x "$directory/bin/python" ] || ! "$directory/bin/python" -m pip --version >/dev/null 2>&1; then
    say "Making $directory with $("$python" --version)."
    if ! "$python" -m venv --clear "$directory"; then
        say "Python could not make a virtual environment. On Debian: apt-get install python3.11-venv" >&2
        exit 1
    fi
fi
say "Installing what $requirements names. This takes a minute the first time."
"$directory/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$requirements"
