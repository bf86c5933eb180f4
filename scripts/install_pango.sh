#!/usr/bin/env bash
# Sees that Pango is there, which draws the text of PDFs: WeasyPrint has no wheel that brings it. Everything but the PDF
# works without it. With CI=true its absence is a failure; otherwise it is said.
set -euo pipefail

# The same libraries are named in the Dockerfile.
packages=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation)

is_here() {
    "${PYTHON:-.venv/bin/python}" -c 'import weasyprint' 2>/dev/null >&2
}

if is_here; then
    exit 0
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo -n)
fi
if command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; then
    printf 'Installing Pango, which draws the text of PDFs.\n'
    timeout 60 "${as_root[@]}" apt-get update -qq </dev/null >/dev/null 2>&1 || true
    timeout 120 "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${packages[@]}" </dev/null >/dev/null 2>&1 || true
fi
if is_here; then
    exit 0
fi
printf 'PDFs need Pango, which is not here and could not be installed. On Debian: apt-get install %s\n' "${packages[*]}" >&2
if [ "${CI:-}" = true ]; then
    exit 1
fi
