"""Is this child known? How names sound, kept beside them with an index for each way of looking; and what was proposed.

Not one transaction: rows are filled in small batches and indexes are built beside the running portal, so that nobody
waits for a lock however many children there are.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

import referrals.models.sounding
from referrals.rules.matching import family_sound, given_sound

BATCH = 5000
_NEXT = """
    SELECT id, given_names, family_name FROM referrals_child WHERE id > %s ORDER BY id LIMIT %s
"""
_FILL = """
    UPDATE referrals_child AS child SET given_sound = new.given, family_sound = new.family,
        birth_year = coalesce(extract(year FROM date_of_birth), extract(year FROM expected_date),
                              extract(year FROM received_at) - estimated_age)::smallint
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS new(id, given, family) WHERE child.id = new.id
"""


def fill(apps, schema_editor):
    last = 0
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(_NEXT, [last, BATCH])
            rows = cursor.fetchall()
            if not rows:
                return
            ids = [row[0] for row in rows]
            cursor.execute(_FILL, [ids, [given_sound(row[1]) for row in rows], [family_sound(row[2]) for row in rows]])
            last = ids[-1]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0001_initial"),
        ("referrals", "0003_after_sending"),
    ]

    operations = [
        migrations.CreateModel(
            name="MatchProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined", models.BooleanField(help_text="True: joined without asking anybody, because the rules are sure.")),
                ("score", models.FloatField()),
                ("reasons", models.JSONField(default=list, help_text="The reasons in words, as the rules gave them then.")),
                ("at", models.DateTimeField()),
                ("child", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="proposals", to="referrals.child")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="proposals", to="referrals.person")),
            ],
            options={
                "ordering": ("-joined", "-score", "id"),
                "constraints": [models.UniqueConstraint(fields=("child", "person"), name="one_proposal_per_pair")],
            },
        ),
        migrations.AddField(
            model_name="child",
            name="family_sound",
            field=referrals.models.sounding.SoundField(blank=True, db_default="", editable=False, max_length=12, of="family_name"),
        ),
        migrations.AddField(
            model_name="child",
            name="given_sound",
            field=referrals.models.sounding.SoundField(blank=True, db_default="", editable=False, max_length=12, of="given_names"),
        ),
        migrations.AddField(
            model_name="child",
            name="birth_year",
            field=referrals.models.sounding.BirthYearField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="child",
            index=models.Index(fields=["date_of_birth", "family_sound"], name="child_by_birth_and_family"),
        ),
        AddIndexConcurrently(
            model_name="child",
            index=models.Index(fields=["date_of_birth", "given_sound"], name="child_by_birth_and_given"),
        ),
        AddIndexConcurrently(
            model_name="child",
            index=models.Index(fields=["family_sound", "given_sound", "birth_year"], name="child_by_names_and_year"),
        ),
        AddIndexConcurrently(
            model_name="child",
            index=models.Index(condition=models.Q(("postcode", ""), _negated=True), fields=["postcode", "given_sound"], name="child_by_postcode"),
        ),
        RemoveIndexConcurrently(model_name="child", name="child_by_birth"),
    ]
