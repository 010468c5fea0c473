"""Stages, sources and the two upper levels of GB/T 4754-2017."""

import uuid

from django.db import migrations

from kebu.office.vocabulary.actions import ship_industries, ship_terms

DIRECTORIES = ("stage", "source", "industries")


def ship(apps, schema_editor):
    ship_terms(apps.get_model("vocabulary", "Term"))
    ship_industries(apps.get_model("vocabulary", "Industry"))
    stamps = apps.get_model("fields", "DirectoryStamp")
    for name in DIRECTORIES:  # without a stamp a directory is never remembered
        stamps.objects.update_or_create(name=name, defaults={"stamp": uuid.uuid4().hex})


class Migration(migrations.Migration):
    dependencies = [("vocabulary", "0001_initial"), ("fields", "0001_initial")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop, elidable=False)]
