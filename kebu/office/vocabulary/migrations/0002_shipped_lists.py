"""Stages, sources and the two upper levels of GB/T 4754-2017."""

from django.db import migrations

from kebu.office.vocabulary.actions import ship_industries, ship_terms


def ship(apps, schema_editor):
    ship_terms(apps.get_model("vocabulary", "Term"))
    ship_industries(apps.get_model("vocabulary", "Industry"))


class Migration(migrations.Migration):
    dependencies = [("vocabulary", "0001_initial")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop, elidable=False)]
