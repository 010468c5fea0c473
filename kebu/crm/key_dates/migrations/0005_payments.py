"""Payments that customers owe stand among the days, with their sum."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("key_dates", "0004_as_they_are"),
    ]

    operations = [
        migrations.AddField(
            model_name="keydate",
            name="amount",
            field=models.DecimalField(
                decimal_places=2,
                help_text="如 12.5万；应收款必填",
                max_digits=15,
                null=True,
                verbose_name="金额",
            ),
        ),
        migrations.AlterField(
            model_name="keydate",
            name="lead_days",
            field=models.PositiveSmallIntegerField(
                help_text="不填时合同和质保30天，采购14天，应收款和关怀7天", verbose_name="提前几天提醒"
            ),
        ),
        migrations.AlterField(
            model_name="keydate",
            name="name",
            field=models.CharField(
                help_text="如 2026年度框架合同、验收款、季度耗材、公司周年庆",
                max_length=100,
                verbose_name="事项",
            ),
        ),
        migrations.AlterField(
            model_name="keydate",
            name="remark",
            field=models.CharField(
                blank=True, help_text="谁批、上次怎么办的", max_length=300, verbose_name="备注"
            ),
        ),
        migrations.AlterField(
            model_name="keydate",
            name="sort",
            field=models.CharField(
                choices=[
                    ("contract", "合同到期"),
                    ("warranty", "质保到期"),
                    ("payment", "应收款"),
                    ("purchase", "周期采购"),
                    ("visit", "定期回访"),
                    ("anniversary", "周年纪念"),
                    ("festival", "节日问候"),
                    ("other", "其他日子"),
                ],
                default="contract",
                max_length=11,
                verbose_name="类别",
            ),
        ),
    ]
