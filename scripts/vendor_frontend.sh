#!/usr/bin/env bash
# Rebuilds the vendored copy of GOV.UK Frontend. Needs Node and is run by a developer only when the version changes:
# its output is committed, so neither the portal nor its tests need Node.
set -euo pipefail
cd "$(dirname "$0")/.."
V=6.6.0; SASS=1.108.2; AXE=4.14.1
OUT="static/vendor/govuk-frontend-$V"; FIXTURES=tests/fixtures/govuk-frontend; AXE_OUT=tests/vendor/axe-core
W=$(mktemp -d); trap 'rm -rf "$W"' EXIT
npm --prefix "$W" install --ignore-scripts --no-fund --no-audit "govuk-frontend@$V" "sass@$SASS" "axe-core@$AXE"
PKG="$W/node_modules/govuk-frontend"

# A council's service: no GDS Transport, no crest, no GOV.UK brand colour.
cat > "$W/portal.scss" <<'S'
@use "pkg:govuk-frontend" as * with (
  $govuk-font-family: ("Helvetica Neue", Helvetica, Arial, sans-serif),
  $govuk-include-default-font-face: false,
  $govuk-assets-path: "./",
  $govuk-page-width: 1200px,
  $govuk-functional-colours: (brand: #00566b)
);
S
rm -rf "$OUT"; mkdir -p "$OUT" "$FIXTURES" "$AXE_OUT"
(cd "$W" && npx sass --style=compressed --no-source-map --pkg-importer=node portal.scss out.css)
sed -E 's#url\("?\./images/govuk-crest\.svg"?\)#none#g' "$W/out.css" > "$OUT/govuk-frontend.council.min.css"
sed 's,//# sourceMappingURL=.*,,' "$PKG/dist/govuk/govuk-frontend.min.js" > "$OUT/govuk-frontend.min.js"
cp "$PKG/package.json" "$OUT/PACKAGE.json"
cat > "$OUT/LICENSE.txt" <<'L'
The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
L
(cd "$OUT" && sha256sum -- *.css *.js LICENSE.txt PACKAGE.json > SHA256SUMS)

# The examples our template pack is tested against, and the accessibility checker of the browser tests.
for name in input textarea radios checkboxes select date-input error-summary button character-count password-input; do
  cp "$PKG/dist/govuk/components/$name/fixtures.json" "$FIXTURES/$name.json"
done
cp "$OUT/LICENSE.txt" "$FIXTURES/LICENSE.txt"
cp "$W/node_modules/axe-core/axe.min.js" "$AXE_OUT/axe.min.js"
cp "$W/node_modules/axe-core/LICENSE" "$AXE_OUT/LICENSE"
cp "$W/node_modules/axe-core/LICENSE-3RD-PARTY.txt" "$AXE_OUT/LICENSE-3RD-PARTY.txt"

if grep -qiE 'GDS Transport|govuk-crest|url\(/assets' "$OUT"/*.css; then
  echo "The GOV.UK typeface or crest is still in the stylesheet: a council may not use them." >&2
  exit 1
fi
grep -q '#00566b' "$OUT"/*.css || { echo "The brand colour did not reach the stylesheet." >&2; exit 1; }
echo "GOV.UK Frontend $V is in $OUT."
