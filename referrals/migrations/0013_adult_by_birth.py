"""An adult is found by birth date and family name: the history that the first look reads before agreement is asked."""

from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("referrals", "0012_check_authority")]

    operations = [
        migrations.AddIndex(
            model_name="adult",
            index=models.Index(models.F("date_of_birth"), Upper("family_name"), name="adult_by_birth_and_family"),
        ),
    ]
