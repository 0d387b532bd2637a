"""A stamp for every statement that changes sets, their adoption, their levels, or units.

A process keeps what it loaded of them until it sees another number of stamps (criteria/kept.py).
The stamp is a row of its own and no counter: two transactions that change such tables at the
same time must not wait for each other.
"""

from django.db import migrations, models

TABLES = [
    "communes_unit",
    "communes_unitattribute",
    "communes_unitversion",
    "criteria_criteriaset",
    "criteria_criterion",
    "criteria_indicator",
    "criteria_provincelevel",
    "criteria_requirement",
    "criteria_setadoption",
    "criteria_setversion",
    "criteria_thresholdcheck",
]

CREATE = """
CREATE FUNCTION ntm_stamp_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO criteria_keptstamp DEFAULT VALUES;
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_stamp AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION ntm_stamp_kept();
"""
    for table in TABLES
)

DROP = "".join(f"DROP TRIGGER {table}_stamp ON {table};\n" for table in TABLES) + (
    "DROP FUNCTION ntm_stamp_kept();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("communes", "0007_room_for_the_longest_name"),
        ("criteria", "0010_checks_of_a_province"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptStamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
