"""What a key date is for, how often it comes, and from when on one acts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("key_dates", "0001_initial"), ("reminders", "0003_key_dates")]

    operations = [
        migrations.RemoveIndex("keydate", "need_customer"),
        migrations.RemoveIndex("keydate", "need_next"),
        migrations.RemoveConstraint("keydate", "need_anchor"),
        migrations.AddField("keydate", "sort", models.CharField(default="purchase", max_length=11)),
        migrations.AddField("keydate", "repeat", models.CharField(default="quarter", max_length=10)),
        migrations.AddField("keydate", "remind_on", models.DateField(null=True)),
        migrations.AddField("keydate", "settled_on", models.DateField(null=True)),
    ]
