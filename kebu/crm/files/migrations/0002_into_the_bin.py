"""Files that were removed move into the recycle bin, where everything deleted lies."""

import json

from django.conf import settings
from django.db import migrations


def move(apps, schema_editor):
    """What a removed file was, as the bin keeps it."""
    file_model = apps.get_model("files", "File")
    discarded, kept = apps.get_model("recycling", "Discarded"), apps.get_model("recycling", "KeptFile")
    removed = file_model.objects.exclude(removed_at=None).select_related("customer")
    for file in removed.order_by("id"):
        row = {
            name: getattr(file, name)
            for name in (
                "id",
                "customer_id",
                "name",
                "path",
                "thumbnail",
                "media_type",
                "size",
                "sha256",
                "author_id",
            )
        }
        row["created_at"] = file.created_at.isoformat()
        payload = {"rows": [["files.File", [row]]], "links": [], "memory": {}}
        item = discarded.objects.create(
            kind="file",
            record_id=file.pk,
            name=file.name[:120],
            number=file.customer.number,
            customer_id=file.customer_id,
            customer_name=file.customer.name,
            owner_id=file.customer.owner_id,
            deleted_at=file.removed_at,
            payload=json.dumps(payload, ensure_ascii=False),
        )
        kept.objects.bulk_create(
            [kept(discarded=item, path=path) for path in (file.path, file.thumbnail) if path]
        )
    removed.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("recycling", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
