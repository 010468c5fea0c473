"""Mail address, age of the password, and roles that want a second factor."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0005_grants")]
    run_before = [("account", "0001_initial")]  # it looks for the address

    operations = [
        migrations.AddField(
            model_name="role",
            name="is_two_factor_required",
            field=models.BooleanField(default=False, verbose_name="必须用两步验证"),
        ),
        migrations.AddField(
            model_name="user",
            name="email",
            field=models.EmailField(
                blank=True,
                default="",
                help_text="可不填；有邮件服务器时，忘了密码可以寄链接到这里",
                max_length=254,
                verbose_name="邮箱",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="password_set_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
