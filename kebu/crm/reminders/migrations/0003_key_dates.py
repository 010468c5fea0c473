"""Recurring needs belong to the room of key dates, which has taken their table over."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reminders", "0002_proposals"), ("key_dates", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("NeedCycle")]),
    ]
