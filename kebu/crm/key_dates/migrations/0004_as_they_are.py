"""Only the new columns speak; what they go by has indexes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_by_key"),
        ("key_dates", "0003_from_needs"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="keydate",
            options={"verbose_name": "重要日子", "verbose_name_plural": "重要日子"},
        ),
        migrations.RemoveField(
            model_name="keydate",
            name="cycle_months",
        ),
        migrations.RemoveField(
            model_name="keydate",
            name="is_active",
        ),
        migrations.AlterField(
            model_name="keydate",
            name="lead_days",
            field=models.PositiveSmallIntegerField(
                help_text="不填时合同和质保30天，采购14天，关怀7天", verbose_name="提前几天提醒"
            ),
        ),
        migrations.AlterField(
            model_name="keydate",
            name="name",
            field=models.CharField(
                help_text="如 2026年度框架合同、季度耗材、公司周年庆", max_length=100, verbose_name="事项"
            ),
        ),
        migrations.AlterField(
            model_name="keydate",
            name="next_on",
            field=models.DateField(help_text="到期或要办的那天；重复的填下一次", verbose_name="日期"),
        ),
        migrations.AlterField(
            model_name="keydate",
            name="remark",
            field=models.CharField(
                blank=True, help_text="金额、谁批、上次怎么办的", max_length=300, verbose_name="备注"
            ),
        ),
        migrations.AlterField(
            model_name="keydate",
            name="remind_on",
            field=models.DateField(editable=False),
        ),
        migrations.AlterField(
            model_name="keydate",
            name="repeat",
            field=models.CharField(
                choices=[
                    ("once", "只这一次"),
                    ("month", "每月"),
                    ("two_months", "每两个月"),
                    ("quarter", "每季度"),
                    ("half_year", "每半年"),
                    ("year", "每年"),
                    ("lunar_year", "每年（农历）"),
                    ("two_years", "每两年"),
                ],
                default="once",
                max_length=10,
                verbose_name="多久一次",
            ),
        ),
        migrations.AlterField(
            model_name="keydate",
            name="settled_on",
            field=models.DateField(editable=False, null=True, verbose_name="办好日期"),
        ),
        migrations.AlterField(
            model_name="keydate",
            name="sort",
            field=models.CharField(
                choices=[
                    ("contract", "合同到期"),
                    ("warranty", "质保到期"),
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
        migrations.AddIndex(
            model_name="keydate",
            index=models.Index(fields=["customer", "next_on", "id"], name="key_date_customer"),
        ),
        migrations.AddIndex(
            model_name="keydate",
            index=models.Index(
                condition=models.Q(("settled_on__isnull", True)),
                fields=["remind_on", "id"],
                name="key_date_remind",
            ),
        ),
        migrations.AddIndex(
            model_name="keydate",
            index=models.Index(
                condition=models.Q(("settled_on__isnull", True)),
                fields=["next_on", "sort", "customer"],
                name="key_date_next",
            ),
        ),
        migrations.AddConstraint(
            model_name="keydate",
            constraint=models.CheckConstraint(
                condition=models.Q(("anchor_day__gte", 1), ("anchor_day__lte", 31)), name="key_date_anchor"
            ),
        ),
    ]
