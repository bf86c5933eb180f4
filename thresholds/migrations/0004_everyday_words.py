"""Where the everyday words of indicators are searched: full text without stop words, and trigrams for slips of the pen.

The dictionary stems like PostgreSQL's `english` but keeps "no", "out" and "off", without which "no bed" is a bed and
"kicked out" is a kick.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

CONFIGURATION = """
CREATE TEXT SEARCH DICTIONARY thresholds_everyday_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION thresholds_everyday (COPY = english);
ALTER TEXT SEARCH CONFIGURATION thresholds_everyday
    ALTER MAPPING FOR asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart
    WITH unaccent, thresholds_everyday_stem;
"""
REVERSE = """
DROP TEXT SEARCH CONFIGURATION thresholds_everyday;
DROP TEXT SEARCH DICTIONARY thresholds_everyday_stem;
"""
ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("thresholds", "0003_default_matrix")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(CONFIGURATION, REVERSE),
        migrations.CreateModel(
            name="EverydaySynonym",
            fields=[
                ("id", ID),
                ("group", models.CharField(max_length=40)),
                ("wider", models.CharField(blank=True, max_length=40)),
                ("mood", models.CharField(blank=True, max_length=10)),
                ("words", models.CharField(max_length=120)),
                ("pattern", django.contrib.postgres.search.SearchQueryField()),
                ("head", models.CharField(max_length=120)),
            ],
            options={
                "indexes": [models.Index(fields=["head"], name="synonym_by_first_word")],
                "constraints": [models.UniqueConstraint(fields=("group", "words"), name="one_synonym_in_a_group")],
            },
        ),
        migrations.CreateModel(
            name="EverydayWord",
            fields=[
                ("id", ID),
                ("word", models.CharField(max_length=120, unique=True)),
                ("lexeme", models.CharField(max_length=120)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["word"], name="everyday_word_alike", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["lexeme"], name="everyday_word_by_stem"),
                ]
            },
        ),
        migrations.CreateModel(
            name="EverydayTerm",
            fields=[
                ("id", ID),
                ("term", models.CharField(max_length=120)),
                ("weight", models.FloatField()),
                (
                    "matrix",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="thresholds.matrix"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("matrix", "term"), name="one_weight_of_a_term")],
            },
        ),
        migrations.CreateModel(
            name="EverydayPhrase",
            fields=[
                ("id", ID),
                ("phrase", models.TextField()),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
                ("size", models.FloatField()),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="everyday_phrases",
                        to="thresholds.indicator",
                    ),
                ),
                (
                    "matrix",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="thresholds.matrix"
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["vector"], name="everyday_phrase_by_words")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("indicator", "phrase"), name="one_phrase_of_an_indicator")
                ],
            },
        ),
    ]
