import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TELLING = migrations.CreateModel(
    name="Telling",
    fields=[
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        (
            "escalation",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="tellings", to="referrals.escalation"
            ),
        ),
        (
            "user",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ],
    options={
        "db_table": "referrals_escalation_told",
        "unique_together": {("escalation", "user")},
    },
)


class Migration(migrations.Migration):
    """The table of who was told is there already: it is given a name, and the moment of telling."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("referrals", "0018_one_index_for_a_person"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                TELLING,
                migrations.AlterField(
                    model_name="escalation",
                    name="told",
                    field=models.ManyToManyField(
                        blank=True,
                        related_name="escalations",
                        through="referrals.Telling",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ]
        ),
        migrations.AddField(
            model_name="telling",
            name="at",
            field=models.DateTimeField(
                blank=True, help_text="Empty for what was told before this was kept.", null=True
            ),
        ),
        migrations.AlterModelOptions(name="telling", options={"ordering": ("at", "id")}),
        migrations.AddField(
            model_name="escalation",
            name="goes_up_minutes",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="How long it waits to be acknowledged; empty: as long as the partnership says.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="escalation",
            name="went_up_at",
            field=models.DateTimeField(blank=True, help_text="When it last went up.", null=True),
        ),
        migrations.RemoveIndex(model_name="escalation", name="escalation_goes_up"),
        migrations.AddIndex(
            model_name="escalation",
            index=models.Index(
                condition=models.Q(
                    ("acknowledged_at", None), ("fired_at__isnull", False), ("goes_up_at__isnull", False)
                ),
                fields=["goes_up_at"],
                name="escalation_goes_up",
            ),
        ),
        migrations.AddField(
            model_name="partnership",
            name="goes_up_minutes",
            field=models.PositiveIntegerField(default=120, help_text="The same about any other contact."),
        ),
        migrations.AddField(
            model_name="partnership",
            name="goes_up_red_minutes",
            field=models.PositiveIntegerField(
                default=30,
                help_text="How long a message about a red contact waits to be acknowledged before it goes up.",
            ),
        ),
    ]
