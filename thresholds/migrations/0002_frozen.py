"""A matrix that is no draft takes no change: enforced where no code can forget it."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION thresholds_refuse_if_frozen(part jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parent thresholds_matrix;
BEGIN
    -- FOR SHARE waits for a publication under way, so that no row slips in beside it
    SELECT * INTO parent FROM thresholds_matrix WHERE id = COALESCE(
        (part->>'matrix_id')::bigint,
        (SELECT matrix_id FROM thresholds_factor WHERE id = (part->>'factor_id')::bigint)
    ) FOR SHARE;
    IF parent.status <> 'draft' THEN
        RAISE EXCEPTION 'Matrix version % is % and takes no change.', parent.version, parent.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

CREATE FUNCTION thresholds_keep_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM thresholds_refuse_if_frozen(to_jsonb(OLD));
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    PERFORM thresholds_refuse_if_frozen(to_jsonb(NEW));
    RETURN NEW;
END $$;

CREATE FUNCTION thresholds_keep_matrix() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.status = 'draft' THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND OLD.status = 'draft' AND NEW.status IN ('draft', 'published') THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'superseded'
            AND to_jsonb(NEW) - 'status' = to_jsonb(OLD) - 'status' THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' AND OLD.status = 'draft' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'A matrix starts as a draft, is published, is superseded, and is changed in no other way.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

PARTS = ("level", "factor", "domain", "indicator")
TRIGGERS = "".join(
    f"CREATE TRIGGER keep_{part} BEFORE INSERT OR UPDATE OR DELETE ON thresholds_{part} "
    "FOR EACH ROW EXECUTE FUNCTION thresholds_keep_parts();"
    for part in PARTS
)
TRIGGERS += (
    "CREATE TRIGGER keep_matrix BEFORE INSERT OR UPDATE OR DELETE ON thresholds_matrix "
    "FOR EACH ROW EXECUTE FUNCTION thresholds_keep_matrix();"
)
REVERSE = "".join(f"DROP TRIGGER keep_{part} ON thresholds_{part};" for part in (*PARTS, "matrix")) + (
    "DROP FUNCTION thresholds_keep_matrix();"
    "DROP FUNCTION thresholds_keep_parts();"
    "DROP FUNCTION thresholds_refuse_if_frozen(jsonb);"
)


class Migration(migrations.Migration):
    dependencies = [("thresholds", "0001_initial")]

    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, REVERSE)]
