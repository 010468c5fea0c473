"""Recurring needs are purchases that come again; those that lie in the bin come back as that too."""

import json
from datetime import date, timedelta

from django.db import migrations

REPEATS = {1: "month", 2: "two_months", 3: "quarter", 6: "half_year", 12: "year", 24: "two_years"}
FORMER, LABEL = "reminders.NeedCycle", "key_dates.KeyDate"


def fill(apps, schema_editor):
    """Each row and each packed row says in the new columns what it said in the old ones."""
    for row in apps.get_model("key_dates", "KeyDate").objects.order_by("pk").iterator():
        row.repeat = REPEATS.get(row.cycle_months, "quarter")
        row.remind_on = row.next_on - timedelta(days=row.lead_days)
        row.settled_on = None if row.is_active else row.updated_at.date()
        row.save(update_fields=["repeat", "remind_on", "settled_on"])
    for item in apps.get_model("recycling", "Discarded").objects.filter(payload__contains=FORMER).iterator():
        data = json.loads(item.payload)
        data["rows"] = [
            [LABEL, [_moved(row) for row in rows]] if label == FORMER else [label, rows]
            for label, rows in data["rows"]
        ]
        item.payload = json.dumps(data, ensure_ascii=False)
        item.save(update_fields=["payload"])


def _moved(row):
    """A packed need as a packed key date."""
    months, is_active = row.pop("cycle_months", 3), row.pop("is_active", True)
    remind_on = date.fromisoformat(row["next_on"]) - timedelta(days=row["lead_days"])
    told = {"sort": "purchase", "repeat": REPEATS.get(months, "quarter"), "remind_on": remind_on.isoformat()}
    return {**row, **told, "settled_on": None if is_active else row["updated_at"][:10]}


class Migration(migrations.Migration):
    dependencies = [("key_dates", "0002_sorts"), ("recycling", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
