"""What the database itself refuses: overlaps in time, parents that do not live long enough,
changes to what was recorded.

Written in SQL because Django has no words for `WITHOUT OVERLAPS` and `FOREIGN KEY … PERIOD`.
The two period keys are deferred like Django's own foreign keys, so that one transaction may
end a parent and its children in any order.
"""

from django.db import migrations

APPEND_ONLY_TABLES = ["communes_change", "communes_changeline"]

# Other apps put this trigger function on their own ledgers. SQLSTATE 23001 reaches Django as
# IntegrityError. There is no TRUNCATE trigger: it would break the flush of live-server tests.
CREATE_FUNCTION = """
CREATE FUNCTION ntm_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Bảng % chỉ được ghi thêm: không được sửa hay xóa dòng đã ghi', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
              HINT = 'Ghi một dòng mới thay thế hoặc hủy dòng cũ.';
END
$$
"""

CREATE_TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION ntm_append_only()
"""

CONSTRAINTS = [
    (
        "communes_unitversion",
        "unitversion_one_a_day",
        "UNIQUE (unit_id, valid WITHOUT OVERLAPS)",
    ),
    (
        "communes_unitversion",
        "unitversion_code_once_a_day",
        "EXCLUDE USING gist (code WITH =, valid WITH &&)",
    ),
    (
        "communes_unitversion",
        "unitversion_parent_lives",
        "FOREIGN KEY (parent_id, PERIOD valid)"
        " REFERENCES communes_unitversion (unit_id, PERIOD valid) DEFERRABLE INITIALLY DEFERRED",
    ),
    (
        "communes_unitversion",
        "unitversion_province_lives",
        "FOREIGN KEY (province_id, PERIOD valid)"
        " REFERENCES communes_unitversion (unit_id, PERIOD valid) DEFERRABLE INITIALLY DEFERRED",
    ),
    (
        "communes_unitattribute",
        "unitattribute_one_a_day",
        "EXCLUDE USING gist (unit_id WITH =, key WITH =, valid WITH &&)",
    ),
    (
        "communes_registerperiod",
        "registerperiod_one_a_day",
        "EXCLUDE USING gist (clock_id WITH =, valid WITH &&)",
    ),
]


class Migration(migrations.Migration):
    dependencies = [("communes", "0001_initial")]

    operations = [
        *(
            migrations.RunSQL(
                sql=f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}",
                reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, name, definition in CONSTRAINTS
        ),
        migrations.RunSQL(
            sql=CREATE_FUNCTION,
            reverse_sql="DROP FUNCTION ntm_append_only()",
        ),
        *(
            migrations.RunSQL(
                sql=CREATE_TRIGGER.format(table=table),
                reverse_sql=f"DROP TRIGGER {table}_append_only ON {table}",
            )
            for table in APPEND_ONLY_TABLES
        ),
    ]
