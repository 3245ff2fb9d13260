#!/bin/sh
# Find a Chromium for the browser tests, or install one: Debian's package as root, else Playwright's own download.
# Where neither can be had this says so and succeeds: the tests then skip, and continuous integration treats that as a failure.
set -eu
cd "$(dirname "$0")/.."
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if .venv/bin/python - <<'PY'
import sys
from pathlib import Path
from playwright.sync_api import sync_playwright

with sync_playwright() as p:
    sys.exit(not Path(p.chromium.executable_path).exists())
PY
then exit 0; fi
echo "Installing Chromium for the browser tests ..." >&2
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq >/dev/null 2>&1 || true
    if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >.venv/chromium.log 2>&1; then exit 0; fi
fi
if .venv/bin/playwright install chromium >>.venv/chromium.log 2>&1; then exit 0; fi
echo "WARNING: no Chromium found and none could be installed (see .venv/chromium.log): the browser tests will be SKIPPED." >&2
