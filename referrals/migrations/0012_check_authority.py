from django.db import migrations, models


class Migration(migrations.Migration):
    """A check may wait for a manager's authority; every answer is kept as it was given."""

    dependencies = [
        ("referrals", "0011_strategy"),
    ]

    operations = [
        migrations.AddField(
            model_name="check",
            name="waits_for_authority",
            field=models.BooleanField(
                default=False,
                help_text="Prepared by a worker; the agency hears of it when a manager has authorised it.",
            ),
        ),
        migrations.AddField(
            model_name="check",
            name="answers",
            field=models.JSONField(
                default=list,
                help_text="Every answer as it was given, the first one first, with who and when. The columns hold the last.",
            ),
        ),
        migrations.AddConstraint(
            model_name="check",
            constraint=models.CheckConstraint(
                condition=models.Q(waits_for_authority=False)
                | models.Q(answered_at__isnull=True, authorised_by__isnull=True),
                name="what_waits_for_authority_has_no_answer",
            ),
        ),
    ]
