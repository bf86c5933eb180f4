from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_teams")]

    operations = [
        migrations.AddField(
            model_name="agency",
            name="size",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="How many children it works with: on roll of a school, with a practice.",
                null=True,
            ),
        ),
    ]
