"""What goes to the case management system is about children: production starts only if it is encrypted and signed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards.test_processes import PRODUCTION, ROOT

LONG = "a secret that nobody guesses, of fifty characters at least"
SERVERS = {"DATABASE_URL": "postgresql://portal_app@/portal", "REDIS_URL": "redis://127.0.0.1:1/0"}


def started(tmp_path: Path, **own: str) -> tuple[int, str]:
    environment = {**os.environ, **PRODUCTION, **SERVERS, "STATIC_ROOT": str(tmp_path), **own}
    command = [sys.executable, "-c", "import mash_portal.settings.production"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr.strip().rpartition("\n")[2]


def test_production_starts_with_an_encrypted_and_signed_case_system(tmp_path: Path) -> None:
    assert started(tmp_path, CASE_SYSTEM_URL="https://cases.example.gov.uk/in", CASE_SYSTEM_SECRET=LONG) == (0, "")
    assert started(tmp_path) == (0, "")


@pytest.mark.parametrize(
    ("url", "secret", "sentence"),
    [
        ("http://cases.example.gov.uk/in", LONG, "CASE_SYSTEM_URL has to start with https://"),
        ("https://cases.example.gov.uk/in", "short", "Set CASE_SYSTEM_SECRET to at least 50 random characters."),
        ("https://cases.example.gov.uk/in", "", "Set CASE_SYSTEM_SECRET to at least 50 random characters."),
    ],
)
def test_production_does_not_start_with_one_that_is_not(tmp_path: Path, url: str, secret: str, sentence: str) -> None:
    code, complaint = started(tmp_path, CASE_SYSTEM_URL=url, CASE_SYSTEM_SECRET=secret)
    assert code == 1
    assert sentence in complaint
