"""Policy and former passwords. Everybody signs in once more: from now on every session has a row of its own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def end_sessions(apps, schema_editor):
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "profile",
                    models.CharField(
                        choices=[("standard", "默认"), ("graded", "等保")],
                        default="standard",
                        max_length=10,
                        verbose_name="密码要求",
                    ),
                ),
                (
                    "idle_minutes",
                    models.PositiveIntegerField(default=4320, verbose_name="多久不用要重新登录"),
                ),
                ("absolute_hours", models.PositiveIntegerField(default=168, verbose_name="登录一次最长")),
                ("session_count", models.PositiveSmallIntegerField(default=0, verbose_name="同时登录的设备")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={"verbose_name": "登录安全", "verbose_name_plural": "登录安全"},
        ),
        migrations.CreateModel(
            name="FormerPassword",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128)),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_passwords",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "用过的密码", "verbose_name_plural": "用过的密码", "ordering": ["-id"]},
        ),
        migrations.RunPython(end_sessions, migrations.RunPython.noop),
    ]
