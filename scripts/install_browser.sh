#!/usr/bin/env bash
# Sees that there is a Chromium for the journeys. With CI=true a missing browser is a failure; otherwise it is said,
# and the browser tests then fail by saying the same.
set -euo pipefail

find_browser() {
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" && return 0
    done
    return 1
}

if find_browser >/dev/null; then
    exit 0
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo -n)
fi
if command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; then
    printf 'Installing Chromium for the browser tests.\n'
    "${as_root[@]}" apt-get update -qq </dev/null || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium \
        </dev/null >/dev/null || true
fi
if find_browser >/dev/null; then
    exit 0
fi
printf 'The browser tests need Chromium, which is not here and could not be installed. On Debian: apt-get install chromium\n' >&2
if [ "${CI:-}" = true ]; then
    exit 1
fi
