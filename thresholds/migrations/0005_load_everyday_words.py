"""The reviewed words of the shipped indicators, for every version of the matrix that is there."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from thresholds import everyday
from thresholds.publishing import default_document


def load(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    shipped = {row["code"]: row["text"] for row in default_document()["matrix"]["indicators"]}
    everyday.load_thesaurus()
    for matrix in apps.get_model("thresholds", "Matrix").objects.order_by("version"):
        rows = matrix.indicators.values_list("pk", "code", "text")
        everyday.load_words(
            matrix.pk, ((pk, words) for pk, code, text in rows for words in everyday.words_of(code, text, shipped))
        )


class Migration(migrations.Migration):
    dependencies = [("thresholds", "0004_everyday_words")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
