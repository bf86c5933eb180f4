"""docker-compose.yml is what runs in production: its commands are those of `make run`, and each of them works."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from mash_portal import processes
from tests.portals import StartPortal, wait_until

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
EXAMPLE = (ROOT / "scripts" / "production.env.example").read_text()
SERVICES: dict[str, Any] = COMPOSE["services"]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "mash_portal.settings.production",
    "SECRET_KEY": "fifty characters and more, as production has to have them",
    "ALLOWED_HOSTS": "mash.example.gov.uk",
    "BASE_URL": "https://mash.example.gov.uk",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "DEFAULT_FROM_EMAIL": "MASH <mash@example.gov.uk>",
    "ATTACHMENT_DIR": "/attachments",
    "CLAMAV": "127.0.0.1:9",
}


def test_compose_starts_the_same_processes_as_make_run() -> None:
    assert {name: SERVICES[name]["command"] for name in processes.COMMANDS} == processes.COMMANDS


def test_compose_has_those_processes_their_servers_and_the_migration_only() -> None:
    assert set(SERVICES) == {*processes.COMMANDS, "migrate", "postgres", "redis", "clamav"}
    assert SERVICES["migrate"]["command"] == "python manage.py migrate"


def test_compose_keeps_redis_as_the_promises_need_it() -> None:
    command = SERVICES["redis"]["command"]
    for wanted in ("--appendonly yes", "--maxmemory-policy noeviction", "--requirepass ${REDIS_PASSWORD:?}"):
        assert wanted in command


def test_compose_uses_the_production_settings_and_the_lesser_role() -> None:
    for name in processes.COMMANDS:
        environment = SERVICES[name]["environment"]
        assert environment["DJANGO_SETTINGS_MODULE"] == PRODUCTION["DJANGO_SETTINGS_MODULE"]
        assert environment["DATABASE_URL"].startswith("postgresql://portal_app:")
        assert "MIGRATION_DATABASE_URL" not in environment


def test_compose_and_its_example_hold_no_secret() -> None:
    written = (ROOT / "docker-compose.yml").read_text()
    secrets = re.findall(r"(?:PASSWORD|SECRET|AUTH): (.*)$|://\w*:(.*)@|requirepass (.*)$", written, re.MULTILINE)
    assert len(secrets) == 8
    assert all("".join(found).startswith("${") for found in secrets)
    given = dict(re.findall(r"^(\w+)=(.*)$", EXAMPLE, re.MULTILINE))
    assert {given[name] for name in given if "PASSWORD" in name or "SECRET" in name} == {""}


def test_the_example_names_all_that_compose_and_production_ask_for() -> None:
    named = set(re.findall(r"^(\w+)=", EXAMPLE, re.MULTILINE))
    asked = set(re.findall(r"\$\{(\w+):\?\}", (ROOT / "docker-compose.yml").read_text()))
    assert asked <= named
    assert set(PRODUCTION) - {"DJANGO_SETTINGS_MODULE"} <= named


@pytest.mark.timeout(120)
def test_each_command_of_compose_works_with_the_production_settings(portal_processes: StartPortal) -> None:
    portal = portal_processes("timers", "web", "worker", "beat", "monitor", **PRODUCTION)
    wait_until(lambda: processes.answer(f"{portal.url}/healthz")[0] == 200, "/healthz says that all is well")
    wait_until(lambda: "All is well." in portal.log("monitor"), "the monitor says that all is well")
    assert processes.answer(f"{portal.url}/readyz")[0] == 200
    for task in ("referrals.tasks.sweep_deadlines", "referrals.tasks.send_notices", "referrals.tasks.sing"):
        wait_until(lambda task=task: f"Task {task}[" in portal.log("worker"), f"beat has the worker run {task}")  # type: ignore[misc]
    assert all(child.is_running() for child in portal.children.values())


def test_the_migration_of_compose_works_with_the_production_settings(portal_processes: StartPortal) -> None:
    portal = portal_processes(**PRODUCTION)
    done = portal.manage(*SERVICES["migrate"]["command"].split()[2:])
    assert (done.returncode, done.stderr) == (0, "")
    assert "No migrations to apply" in done.stdout


def test_production_passes_djangos_own_deployment_check(portal_processes: StartPortal) -> None:
    done = portal_processes(**PRODUCTION).manage("check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "missing", ["SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "CLAMAV"]
)
def test_production_does_not_start_without(missing: str, portal_processes: StartPortal) -> None:
    done = portal_processes(**PRODUCTION | {missing: ""}).manage("check")
    assert done.returncode == 1
    assert missing in done.stderr
    assert "Traceback" not in done.stderr
