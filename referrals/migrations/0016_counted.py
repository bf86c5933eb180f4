from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What the figures are counted from says which contact a row is of, so that restricted records can be left out.

    Built beside the old index while the portal works: nobody waits for it.
    """

    atomic = False
    dependencies = [("referrals", "0015_recommending")]

    operations = [
        AddIndexConcurrently(
            model_name="child",
            index=models.Index(
                fields=["received_at"],
                include=(
                    "agency",
                    "source",
                    "outcome",
                    "decided_at",
                    "in_scope",
                    "level_believed",
                    "level_decided",
                    "contact",
                ),
                name="child_counted",
            ),
        ),
        RemoveIndexConcurrently(model_name="child", name="child_insight"),
    ]
