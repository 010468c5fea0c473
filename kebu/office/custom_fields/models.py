"""OwnField and OwnOption."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kebu.base.records.models import Record
from kebu.office.custom_fields.choices import Care, FieldState, Subject, ValueKind, Wanted


class OwnField(Record):
    """A field that the office made. Rows stay for good: the journal speaks of fields long gone.

    ``after`` names the born field it follows in its section, "" the last of them; ``shown_field`` and
    ``shown_values`` the field of choices with which alone it is asked; ``roll_up`` what a roll-up counts.
    """

    subject = models.CharField(_("属于"), max_length=10, choices=Subject, default=Subject.CUSTOMER)
    label = models.CharField(_("名称"), max_length=20)
    value_kind = models.CharField(_("类型"), max_length=10, choices=ValueKind, default=ValueKind.TEXT)
    unit = models.CharField(_("单位"), max_length=8, blank=True)
    help = models.CharField(_("填写说明"), max_length=120, blank=True)
    example = models.CharField(_("例子"), max_length=60, blank=True)
    section = models.CharField(_("所在分组"), max_length=20)
    after = models.CharField(max_length=40, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    level = models.CharField(_("要求"), max_length=8, choices=Wanted, default=Wanted.OPTIONAL)
    only = models.CharField(_("适用"), max_length=8, blank=True)
    sensitivity = models.CharField(_("敏感程度"), max_length=8, choices=Care, default=Care.NORMAL)
    purpose = models.CharField(_("用途"), max_length=60, blank=True)
    synonyms = models.JSONField(_("导入时也认的表头"), default=list)
    shown_field = models.CharField(_("什么时候出现"), max_length=40, blank=True)
    shown_values = models.JSONField(default=list)
    roll_up = models.JSONField(_("汇总"), default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=FieldState, default=FieldState.ACTIVE)
    binned_at = models.DateTimeField(_("删除时间"), null=True)
    index_name = models.CharField(_("索引"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("自定义字段")
        verbose_name_plural = _("自定义字段")
        ordering = ["subject", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "label"], condition=Q(state=FieldState.ACTIVE), name="own_field_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def name(self) -> str:
        """Its name among the fields, and its key in the JSON column."""
        return f"f{self.pk}"

    @property
    def key(self) -> str:
        """Its name among all fields."""
        return f"{self.subject}.{self.name}"

    @property
    def column(self) -> str:
        """The JSON column that holds its values."""
        return "rolled_up" if self.value_kind == ValueKind.ROLL_UP else "custom"

    @property
    def is_active(self) -> bool:
        return self.state == FieldState.ACTIVE


class OwnOption(models.Model):
    """One thing to choose; records keep its number, so that it can be renamed."""

    field = models.ForeignKey(
        OwnField, verbose_name=_("自定义字段"), on_delete=models.CASCADE, related_name="options"
    )
    name = models.CharField(_("名称"), max_length=40)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    is_active = models.BooleanField(_("使用中"), default=True)

    class Meta:
        verbose_name = _("选项")
        verbose_name_plural = _("选项")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["field", "name"], name="own_option_once")]

    def __str__(self) -> str:
        return self.name
