import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

OUTCOMES = [
    "nfa_information",
    "nfa_pushback",
    "signpost",
    "early_help",
    "open_case",
    "transfer",
    "disabilities",
    "section_17",
    "strategy_discussion",
    "emergency",
]


class Migration(migrations.Migration):
    """Which service advice names; what is written of a recommendation is kept; an outcome is one of the list."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("referrals", "0014_screening_grade"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="advice_service",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Which service the referrer should try.",
                max_length=200,
            ),
        ),
        migrations.CreateModel(
            name="RecommendationDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answers", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recommendation_draft",
                        to="referrals.contact",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="childoutcome",
            constraint=models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="an_outcome_of_the_list"),
        ),
    ]
