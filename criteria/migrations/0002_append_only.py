"""What the database itself refuses on this floor: changing what was recorded, and changing a
criteria set that is in force.

The rows of a version may be written while it is a draft. From the moment it is in force (and
after it is superseded) they stand; a correction is a new version. Refusals carry SQLSTATE 23001
and reach Django as IntegrityError.
"""

from django.db import migrations

APPEND_ONLY_TABLES = [
    "criteria_thresholdcheck",
    "criteria_provincelevel",
    "criteria_result",
    "criteria_submission",
    "criteria_review",
    "criteria_evidencelink",
    "criteria_recognition",
    "criteria_target",
    "criteria_registration",
    "criteria_monthclosing",
    "criteria_monthreopening",
    "criteria_monthstanding",
    "criteria_monthfigure",
]

CREATE_APPEND_ONLY = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION ntm_append_only()
"""

REFUSE = """RAISE EXCEPTION
            'Bộ tiêu chí đang có hiệu lực không sửa được; hãy lập phiên bản mới'
            USING ERRCODE = 'restrict_violation',
                  DETAIL = format('Bảng %s, thao tác %s.', TG_TABLE_NAME, TG_OP)"""

# Requirements and levels. The version is locked (FOR SHARE) so that it cannot come into force
# between this check and the commit of the row.
VERSION_IN_FORCE = f"""
CREATE FUNCTION ntm_version_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := '{{}}';
    found_status text;
BEGIN
    IF TG_TABLE_NAME = 'criteria_requirement' THEN
        IF TG_OP <> 'INSERT' THEN touched := touched || OLD.version_id; END IF;
        IF TG_OP <> 'DELETE' THEN touched := touched || NEW.version_id; END IF;
    ELSE
        IF TG_OP <> 'INSERT' THEN
            touched := touched || (SELECT version_id FROM criteria_requirement
                                   WHERE id = OLD.requirement_id);
        END IF;
        IF TG_OP <> 'DELETE' THEN
            touched := touched || (SELECT version_id FROM criteria_requirement
                                   WHERE id = NEW.requirement_id);
        END IF;
    END IF;
    FOR found_status IN
        SELECT status FROM criteria_setversion WHERE id = ANY (touched) FOR SHARE
    LOOP
        IF found_status <> 'draft' THEN
            {REFUSE};
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
$$
"""

# The version itself: in force → superseded is the only step left, and nothing else changes with it.
VERSION_FIXED = f"""
CREATE FUNCTION ntm_version_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' THEN
        IF TG_OP = 'DELETE'
           OR OLD.status <> 'in_force' OR NEW.status <> 'superseded'
           OR to_jsonb(OLD) - 'status' <> to_jsonb(NEW) - 'status' THEN
            {REFUSE};
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
$$
"""

# The set and its criteria: fixed as soon as any version has been in force, because all versions
# share them. A set of names alone has no requirement to go by.
SET_FIXED = f"""
CREATE FUNCTION ntm_set_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := '{{}}';
BEGIN
    IF TG_TABLE_NAME = 'criteria_criteriaset' THEN
        touched := touched || OLD.id;
    ELSE
        IF TG_OP <> 'INSERT' THEN touched := touched || OLD.set_id; END IF;
        IF TG_OP <> 'DELETE' THEN touched := touched || NEW.set_id; END IF;
    END IF;
    IF EXISTS (SELECT 1 FROM criteria_setversion
               WHERE set_id = ANY (touched) AND status <> 'draft') THEN
        {REFUSE};
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
$$
"""

# Indicators and measures: fixed once a version that is or was in force asks them. The direct
# conclusion (code '*') is asked by no requirement, so it is fixed together with its set.
INDICATOR_FIXED = f"""
CREATE FUNCTION ntm_indicator_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked boolean;
BEGIN
    IF TG_TABLE_NAME = 'criteria_measure' THEN
        asked := EXISTS (
            SELECT 1 FROM criteria_indicator i
            JOIN criteria_requirement r ON r.indicator_id = i.id
            JOIN criteria_setversion v ON v.id = r.version_id
            WHERE i.measure_id = OLD.id AND v.status <> 'draft');
    ELSE
        asked := EXISTS (
            SELECT 1 FROM criteria_requirement r
            JOIN criteria_setversion v ON v.id = r.version_id
            WHERE r.indicator_id = OLD.id AND v.status <> 'draft')
        OR (OLD.code = '*' AND EXISTS (
            SELECT 1 FROM criteria_criterion c
            JOIN criteria_setversion v ON v.set_id = c.set_id
            WHERE c.id = OLD.criterion_id AND v.status <> 'draft'));
    END IF;
    IF asked THEN
        {REFUSE};
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
$$
"""

FUNCTIONS = {
    "ntm_version_in_force": VERSION_IN_FORCE,
    "ntm_version_fixed": VERSION_FIXED,
    "ntm_set_fixed": SET_FIXED,
    "ntm_indicator_fixed": INDICATOR_FIXED,
}

TRIGGERS = [
    ("criteria_requirement", "INSERT OR UPDATE OR DELETE", "ntm_version_in_force"),
    ("criteria_threshold", "INSERT OR UPDATE OR DELETE", "ntm_version_in_force"),
    ("criteria_setversion", "UPDATE OR DELETE", "ntm_version_fixed"),
    ("criteria_criteriaset", "UPDATE OR DELETE", "ntm_set_fixed"),
    ("criteria_criterion", "INSERT OR UPDATE OR DELETE", "ntm_set_fixed"),
    ("criteria_indicator", "UPDATE OR DELETE", "ntm_indicator_fixed"),
    ("criteria_measure", "UPDATE OR DELETE", "ntm_indicator_fixed"),
]


class Migration(migrations.Migration):
    dependencies = [("criteria", "0001_initial"), ("communes", "0002_constraints")]

    operations = [
        *(
            migrations.RunSQL(
                sql=CREATE_APPEND_ONLY.format(table=table),
                reverse_sql=f"DROP TRIGGER {table}_append_only ON {table}",
            )
            for table in APPEND_ONLY_TABLES
        ),
        *(
            migrations.RunSQL(sql=definition, reverse_sql=f"DROP FUNCTION {name}()")
            for name, definition in FUNCTIONS.items()
        ),
        *(
            migrations.RunSQL(
                sql=f"CREATE TRIGGER {table}_fixed BEFORE {moments} ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION {function}()",
                reverse_sql=f"DROP TRIGGER {table}_fixed ON {table}",
            )
            for table, moments, function in TRIGGERS
        ),
    ]
