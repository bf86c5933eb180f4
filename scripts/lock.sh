#!/usr/bin/env bash
# Pins requirements/*.in, with the hashes of every file of every version, into requirements/*.txt. Needs uv.
# Usage: scripts/lock.sh [--upgrade]
set -euo pipefail
cd "$(dirname "$0")/../requirements"

for name in base dev; do
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --allow-unsafe \
        --custom-compile-command scripts/lock.sh "$@" --output-file "$name.txt" "$name.in"
done
