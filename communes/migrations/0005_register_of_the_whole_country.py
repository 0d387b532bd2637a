"""Makes room for the register of 2020–2025: five units go on, events come again from the files.

Five communes that the reform of 1/7/2025 left whole stood as new units because their former
rows were not loaded; they take the key of the unit they continue. The register's own events
were one for each merged commune and had no key at first; nobody could change them so far, and
`load_units` writes them again, one for each district and day.
"""

from django.db import migrations

KEYS = {
    "03004@2025-07-01": "03004@2020-01-01",
    "03997@2025-07-01": "03997@2025-02-01",
    "18919@2025-07-01": "18919@2025-01-01",
    "19909@2025-07-01": "19909@2025-01-01",
    "25114@2025-07-01": "25114@2024-12-01",
}
RENAME_UNITS = [
    f"UPDATE communes_unit SET key = '{new}' WHERE key = '{old}'" for old, new in KEYS.items()
]
FROM_FILES = "(SELECT id FROM communes_unitevent WHERE change_id IS NULL)"
DROP_EVENTS = [
    f"DELETE FROM communes_succession WHERE event_id IN {FROM_FILES}",
    f"DELETE FROM communes_eventunit WHERE event_id IN {FROM_FILES}",
    "DELETE FROM communes_unitevent WHERE change_id IS NULL",
]


class Migration(migrations.Migration):
    dependencies = [("communes", "0004_unit_events")]

    operations = [migrations.RunSQL([*RENAME_UNITS, *DROP_EVENTS], migrations.RunSQL.noop)]
