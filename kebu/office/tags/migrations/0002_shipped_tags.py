"""The tags that the requirements name."""

from django.db import migrations

from kebu.office.tags.actions import ship_tags


def ship(apps, schema_editor):
    stamps = apps.get_model("fields", "DirectoryStamp")
    ship_tags(apps.get_model("tags", "Tag"), apps.get_model("tags", "TagGroup"), stamps)


class Migration(migrations.Migration):
    dependencies = [("tags", "0001_initial"), ("fields", "0001_initial")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop, elidable=False)]
