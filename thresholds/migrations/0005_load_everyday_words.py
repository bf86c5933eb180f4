"""The reviewed words of the shipped indicators, for every version of the matrix that is there."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from thresholds import everyday, loading
from thresholds.publishing import shipped_texts

TABLES = "thresholds_everydaysynonym, thresholds_everydayword, thresholds_everydayterm, thresholds_everydayphrase"


def load(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    shipped = shipped_texts()
    loading.load_thesaurus()
    for matrix in apps.get_model("thresholds", "Matrix").objects.order_by("version"):
        rows = matrix.indicators.values_list("pk", "code", "text")
        loading.load_words(
            matrix.pk, ((pk, words) for pk, code, text in rows for words in everyday.words_of(code, text, shipped))
        )
    editor.execute(f"ANALYZE {TABLES}")


class Migration(migrations.Migration):
    dependencies = [("thresholds", "0004_everyday_words")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
