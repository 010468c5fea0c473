"""Imports of the last days stand among the batches, so that they can be taken back like new ones."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

from kebu.base.journal.upkeep import ranges_in_words


def note(apps, schema_editor):
    """One batch per finished import of the last thirty days."""
    batch, source_model = apps.get_model("batches", "Batch"), apps.get_model("imports", "Import")
    recent = source_model.objects.filter(state="done", finished_at__gt=timezone.now() - timedelta(days=30))
    for source in recent.select_related("owner"):
        rows = source.rows.filter(outcome__in=("create", "update"), customer_id__isnull=False)
        ids = sorted(set(rows.values_list("customer_id", flat=True)))
        batch.objects.get_or_create(
            code=f"import-{source.pk}",
            defaults={
                "kind": "import",
                "title": f"导入{source.file_name}"[:200],
                "author_id": source.owner_id,
                "author_name": source.owner.name,
                "door": "import",
                "at": source.finished_at,
                "finished_at": source.finished_at,
                "state": "done",
                "selection": ranges_in_words(ids),
                "total": len(ids),
                "handled_count": len(ids),
                "changed_count": len(ids),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("imports", "0003_conflicts"), ("batches", "0001_initial")]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
