"""Room for both grades: “DVRIM 1, DASH standard” is longer than twenty signs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("referrals", "0013_adult_by_birth"),)

    operations = (
        migrations.AlterField(
            model_name="screening",
            name="grade",
            field=models.CharField(help_text="DASH grade or DVRIM scale, as the police gave it.", max_length=60),
        ),
    )
