"""What became of customers before is read from the journal, once."""

from django.db import migrations

CHUNK, FIELD = 2000, "customer_type"


def fill(apps, schema_editor):
    """Every change of a type that the journal tells of a customer that is there; whose it was then it does not
    tell, so that it is who has it now."""
    entries = apps.get_model("journal", "JournalEntry").objects.filter(
        kind="customer", changes__has_key=FIELD
    )
    owners, turns = apps.get_model("customers", "Customer").objects, apps.get_model("lifecycle", "TypeTurn")
    told = entries.exclude(action="create").order_by("id").values_list("id", "record_id", "changes", "at")
    last = 0
    while chunk := list(told.filter(id__gt=last)[:CHUNK]):
        last = chunk[-1][0]
        present = dict(owners.filter(pk__in={row[1] for row in chunk}).values_list("pk", "owner_id"))
        turns.objects.bulk_create(
            turns(customer_id=pk, before=was, after=now, at=at, owner_id=present[pk])
            for _id, pk, changes, at in chunk
            if pk in present
            for was, now in [changes[FIELD]]
            if was and now and was != now
        )


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0001_initial"), ("journal", "0003_seal_present_entries")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
