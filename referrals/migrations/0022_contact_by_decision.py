from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is decided on a day, from an index. Made while everybody works on."""

    atomic = False

    dependencies = [("referrals", "0021_returns")]

    operations = [
        AddIndexConcurrently(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", False)), fields=["decided_at"], name="contact_by_decision"
            ),
        ),
    ]
