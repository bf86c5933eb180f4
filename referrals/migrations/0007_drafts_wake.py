"""Drafts say when the timers look at them next. Those that are there already are looked at once, straight away."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("referrals", "0006_call_form")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="wakes_at",
            field=models.DateTimeField(
                db_default=Now(), help_text="When to remind of it, to warn, or to delete it next."
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["wakes_at"], name="draft_wakes"),
        ),
    ]
