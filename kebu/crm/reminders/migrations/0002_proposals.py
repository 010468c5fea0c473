from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="reminderpolicy",
            name="proposal_hours",
            field=models.PositiveSmallIntegerField(
                default=20,
                help_text="重要变更要在24小时内记下，告诉负责人和协作人；可填1到72",
                verbose_name="变更几小时没有确认",
            ),
        ),
    ]
