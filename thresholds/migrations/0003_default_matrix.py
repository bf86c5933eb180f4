"""A migrated database always has a matrix in force: the one the portal ships with, until a partnership publishes its own."""

from pathlib import Path
from typing import Any

import yaml
from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

SEED = Path(__file__).resolve().parents[1] / "seed" / "four-level-2018.yaml"


def publish_default(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    model = apps.get_model("thresholds", "Matrix")
    if model.objects.exists():
        return
    content = yaml.safe_load(SEED.read_text(encoding="utf-8"))["matrix"]
    matrix = model.objects.create(
        code=content["code"],
        title=content["title"],
        effective_from=content["effective_from"],
        version=1,
        source="Shipped with the portal",
    )
    levels = {row["number"]: _create(apps, "Level", matrix=matrix, **row) for row in content["levels"]}
    _write_indicators(apps, content["indicators"], matrix, levels, _write_domains(apps, content["factors"], matrix))
    matrix.status, matrix.published_at = "published", timezone.now()
    matrix.save()


def _write_domains(apps: Apps, rows: list[dict[str, Any]], matrix: Any) -> dict[str, Any]:
    domains = {}
    for position, row in enumerate(rows):
        factor = _create(apps, "Factor", matrix=matrix, code=row["code"], name=row["name"], position=position)
        for order, domain in enumerate(row["domains"]):
            domains[domain["code"]] = _create(apps, "Domain", factor=factor, position=order, **domain)
    return domains


def _write_indicators(apps: Apps, rows: list[dict[str, Any]], matrix: Any, levels: Any, domains: Any) -> None:
    for position, row in enumerate(rows):
        level, domain, _ = row["code"].split("-")
        _create(
            apps,
            "Indicator",
            matrix=matrix,
            level=levels[int(level.removeprefix("L"))],
            domain=domains[domain],
            position=position,
            **row,
        )


def _create(apps: Apps, model: str, /, **fields: Any) -> Any:
    return apps.get_model("thresholds", model).objects.create(**fields)


class Migration(migrations.Migration):
    dependencies = [("thresholds", "0002_frozen")]

    operations = [migrations.RunPython(publish_default, migrations.RunPython.noop)]
