from django.db import migrations, models

#: What an earlier system decided was brought over before imports wrote referrals down; it kept no primary need (N0).
BROUGHT_OVER = """
INSERT INTO referrals_referral (child_id, decision_id, outcome, need, referred_at, ended_at)
SELECT child.id, made.id, said.outcome, 'N0', LEAST(child.decided_at, made.signed_off_at),
       CASE WHEN child.outcome NOT IN ('disabilities', 'section_17', 'strategy_discussion', 'emergency')
            THEN (SELECT max(later.signed_off_at) FROM referrals_decision AS later
                  WHERE later.contact_id = child.contact_id) END
FROM referrals_decision AS made
JOIN referrals_childoutcome AS said ON said.decision_id = made.id
JOIN referrals_child AS child ON child.id = said.child_id
WHERE made.is_imported AND said.outcome IN ('disabilities', 'section_17', 'strategy_discussion', 'emergency')
ON CONFLICT (child_id) DO NOTHING
"""


class Migration(migrations.Migration):
    """Primary need, for the census; and a referral for everything that an earlier system referred."""

    dependencies = [("referrals", "0020_figures")]

    operations = [
        migrations.AddField(
            model_name="childoutcome",
            name="need",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="National primary need code, of a referral.",
                max_length=2,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="need",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="National primary need code, for the census.",
                max_length=2,
            ),
        ),
        migrations.RunSQL(BROUGHT_OVER, migrations.RunSQL.noop),
    ]
