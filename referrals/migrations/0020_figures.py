"""Figures are added up by day and month; the database itself marks the days that have to be added up again.

The triggers look at what is counted, whoever changes it and however: a page, a file of history, retention, a hand in
the database. Every day that has children is marked once here, so that nothing is taken for added up that is not.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION day_of_receipt(at timestamptz) RETURNS date STABLE LANGUAGE sql AS
    $$ SELECT (at AT TIME ZONE 'Europe/London')::date $$;

CREATE FUNCTION mark_days_of_children() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO referrals_staleday (day) SELECT DISTINCT day_of_receipt(received_at) FROM came;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO referrals_staleday (day) SELECT DISTINCT day_of_receipt(received_at) FROM went;
    ELSE
        INSERT INTO referrals_staleday (day)
        SELECT DISTINCT day
        FROM went JOIN came USING (id)
        CROSS JOIN LATERAL (VALUES (day_of_receipt(went.received_at)), (day_of_receipt(came.received_at))) AS of (day)
        WHERE (went.received_at, went.in_scope, went.source, went.agency_id, went.outcome, went.decided_at,
               went.contact_id)
              IS DISTINCT FROM
              (came.received_at, came.in_scope, came.source, came.agency_id, came.outcome, came.decided_at,
               came.contact_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER children_come AFTER INSERT ON referrals_child
    REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_children();
CREATE TRIGGER children_change AFTER UPDATE ON referrals_child
    REFERENCING OLD TABLE AS went NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_children();
CREATE TRIGGER children_go AFTER DELETE ON referrals_child
    REFERENCING OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_children();

CREATE FUNCTION mark_days_of_restriction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO referrals_staleday (day)
    SELECT DISTINCT day_of_receipt(received_at) FROM referrals_child
    WHERE contact_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.contact_id ELSE NEW.contact_id END;
    RETURN NULL;
END $$;
CREATE TRIGGER restriction_begins_or_ends AFTER INSERT OR UPDATE OR DELETE ON referrals_restriction
    FOR EACH ROW EXECUTE FUNCTION mark_days_of_restriction();

INSERT INTO referrals_staleday (day) SELECT DISTINCT day_of_receipt(received_at) FROM referrals_child;
"""

BACKWARD = """
DROP TRIGGER restriction_begins_or_ends ON referrals_restriction;
DROP FUNCTION mark_days_of_restriction();
DROP TRIGGER children_come ON referrals_child;
DROP TRIGGER children_change ON referrals_child;
DROP TRIGGER children_go ON referrals_child;
DROP FUNCTION mark_days_of_children();
DROP FUNCTION day_of_receipt(timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [
        ('accounts', '0002_teams'),
        ('referrals', '0019_going_up'),
    ]

    operations = [
        migrations.DeleteModel(name='DailyFigure'),
        migrations.DeleteModel(name='StaleDay'),
        migrations.CreateModel(
            name='StaleDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(help_text='Day of receipt, in London.')),
            ],
        ),
        migrations.CreateModel(
            name='AgencyFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_month', models.BooleanField()),
                ('first', models.DateField(help_text='The day, or the first day of the month, of receipt in London.')),
                ('source', models.CharField(max_length=2)),
                ('contacts', models.PositiveIntegerField()),
                ('nfa', models.PositiveIntegerField()),
                ('pushback', models.PositiveIntegerField()),
                ('decided', models.PositiveIntegerField()),
                ('in_24_hours', models.PositiveIntegerField()),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
        ),
        migrations.CreateModel(
            name='OutcomeFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_month', models.BooleanField()),
                ('first', models.DateField(help_text='The day, or the first day of the month, of receipt in London.')),
                ('source', models.CharField(max_length=2)),
                ('outcome', models.CharField(blank=True, choices=[('nfa_information', 'No further action: information only'), ('nfa_pushback', 'No further action: returned with advice'), ('signpost', 'Signpost to a universal or single-agency service'), ('early_help', 'Early help'), ('open_case', 'Linked to an open case'), ('transfer', 'Transfer to another authority'), ('disabilities', 'Disabilities team'), ('section_17', 'Assessment (section 17)'), ('strategy_discussion', 'Strategy discussion (section 47)'), ('emergency', 'Emergency: police protection or emergency duty team')], max_length=20)),
                ('contacts', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='RolledMonth',
            fields=[
                ('first', models.DateField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='TimeFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_month', models.BooleanField()),
                ('first', models.DateField(help_text='The day, or the first day of the month, of receipt in London.')),
                ('source', models.CharField(max_length=2)),
                ('hours', models.IntegerField()),
                ('contacts', models.PositiveIntegerField()),
                ('minutes', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ('counts', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
            ],
        ),
        migrations.AddIndex(
            model_name='staleday',
            index=models.Index(fields=['day'], name='stale_days'),
        ),
        migrations.AddConstraint(
            model_name='outcomefigure',
            constraint=models.UniqueConstraint(fields=('is_month', 'first', 'source', 'outcome'), name='an_outcome_added_up_once'),
        ),
        migrations.AddConstraint(
            model_name='timefigure',
            constraint=models.UniqueConstraint(fields=('is_month', 'first', 'source', 'hours'), name='an_hour_added_up_once'),
        ),
        migrations.AddConstraint(
            model_name='agencyfigure',
            constraint=models.UniqueConstraint(fields=('is_month', 'first', 'source', 'agency'), name='an_agency_added_up_once'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
