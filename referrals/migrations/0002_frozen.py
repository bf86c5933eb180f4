"""What was sent and what happened stay as they were: the database refuses to change a MARF or a step of the timeline.

Deleting them is for retention alone, which says so for its own transaction (SET LOCAL portal.destroying = 'on').
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION record_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('portal.destroying', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'This record is frozen: it stays as it was written.' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER marf_frozen BEFORE UPDATE OR DELETE ON referrals_marf
    FOR EACH ROW EXECUTE FUNCTION record_is_frozen();
CREATE TRIGGER stage_change_frozen BEFORE UPDATE OR DELETE ON referrals_stagechange
    FOR EACH ROW EXECUTE FUNCTION record_is_frozen();
"""

BACKWARD = """
DROP TRIGGER marf_frozen ON referrals_marf;
DROP TRIGGER stage_change_frozen ON referrals_stagechange;
DROP FUNCTION record_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
