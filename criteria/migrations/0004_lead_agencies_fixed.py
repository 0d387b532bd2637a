"""Criteria of a version are as fixed as its requirements; the set of 1980/QĐ-TTg gets its agencies.

Where that set was loaded before there was a place for its lead agencies and for "no source says
how what does not apply counts", both are filled in from its file, which has always stated them.
"""

from django.db import migrations

CODE = "national-commune-2016-2020"
READ = {5: "Bộ Giáo dục và Đào tạo", 8: "Bộ Thông tin và Truyền thông", 14: "Bộ Giáo dục và Đào tạo"}
NOT_READ = {
    1: "Bộ Xây dựng",
    2: "Bộ Giao thông vận tải",
    3: "Bộ Nông nghiệp và Phát triển nông thôn",
    4: "Bộ Công Thương",
    6: "Bộ Văn hóa, Thể thao và Du lịch",
    7: "Bộ Công Thương",
    9: "Bộ Xây dựng",
    10: "Bộ Nông nghiệp và Phát triển nông thôn",
    11: "Bộ Lao động - Thương binh và Xã hội",
    12: "Bộ Lao động - Thương binh và Xã hội",
    13: "Bộ Nông nghiệp và Phát triển nông thôn",
    15: "Bộ Y tế",
    16: "Bộ Văn hóa, Thể thao và Du lịch",
    17: "Bộ Tài nguyên và Môi trường",
    18: "Bộ Nội vụ",
    19: "Bộ Quốc phòng; Bộ Công an",
}


def fill_the_first_set(apps, schema_editor):
    VersionCriterion = apps.get_model("criteria", "VersionCriterion")
    version = (
        apps.get_model("criteria", "SetVersion").objects.filter(set__code=CODE, no=1).first()
    )
    if version is None:
        return
    VersionCriterion.objects.bulk_create(
        (
            VersionCriterion(
                version=version,
                criterion=criterion,
                lead_agency=(READ | NOT_READ)[criterion.number],
                lead_agency_unverified=criterion.number in NOT_READ,
            )
            for criterion in apps.get_model("criteria", "Criterion").objects.filter(
                set_id=version.set_id
            )
        ),
        ignore_conflicts=True,  # there already where this migration was taken back once
    )


# As in 0002, for one more table that belongs to a version.
VERSION_IN_FORCE = """
CREATE OR REPLACE FUNCTION ntm_version_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := '{{}}';
    found_status text;
BEGIN
    IF TG_TABLE_NAME IN ({tables}) THEN
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
            RAISE EXCEPTION
            'Bộ tiêu chí đang có hiệu lực không sửa được; hãy lập phiên bản mới'
            USING ERRCODE = 'restrict_violation',
                  DETAIL = format('Bảng %s, thao tác %s.', TG_TABLE_NAME, TG_OP);
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("criteria", "0003_set_details")]

    operations = [
        migrations.RunPython(fill_the_first_set, migrations.RunPython.noop),
        # What was just filled in is checked now: a trigger cannot be made on a table with
        # checks still to come.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(
            VERSION_IN_FORCE.format(tables="'criteria_requirement', 'criteria_versioncriterion'"),
            VERSION_IN_FORCE.format(tables="'criteria_requirement'"),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER criteria_versioncriterion_fixed BEFORE INSERT OR UPDATE OR DELETE"
            " ON criteria_versioncriterion"
            " FOR EACH ROW EXECUTE FUNCTION ntm_version_in_force()",
            "DROP TRIGGER criteria_versioncriterion_fixed ON criteria_versioncriterion",
        ),
    ]
