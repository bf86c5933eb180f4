from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Somebody rang where no message arrived. The index for what is in trouble is built while the portal works."""

    atomic = False
    dependencies = [("referrals", "0016_counted")]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="channel",
            field=models.CharField(
                choices=[("email", "E-mail"), ("text", "Text message"), ("phone", "By telephone")],
                default="email",
                max_length=5,
            ),
        ),
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("failed_at__isnull", False), ("bounced_at__isnull", False), _connector="OR"),
                fields=["created_at"],
                name="notice_in_trouble",
            ),
        ),
    ]
