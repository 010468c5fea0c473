"""What an own field can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Subject(models.TextChoices):
    """Whose fields they are: the kinds of records, as their sets of fields call them."""

    CUSTOMER = "customer", _("客户")
    CONTACT = "contact", _("联系人")


class ValueKind(models.TextChoices):
    """How values are typed and kept."""

    TEXT = "text", _("文本")
    LONG_TEXT = "long_text", _("长文本")
    NUMBER = "number", _("数字")
    MONEY = "money", _("金额")
    DATE = "date", _("日期")
    CHOICE = "choice", _("单选")
    CHOICES = "choices", _("多选")
    YES_NO = "yes_no", _("是/否")
    PHONE = "phone", _("电话")
    EMAIL = "email", _("邮箱")
    LINK = "link", _("网址")
    PERSON = "person", _("员工")
    REGION = "region", _("地区")
    ROLL_UP = "roll_up", _("汇总")

    @property
    def has_options(self) -> bool:
        return self in (ValueKind.CHOICE, ValueKind.CHOICES)

    @property
    def is_sortable(self) -> bool:
        """Whether lists can be put in its order, and an index holds it."""
        return self not in (ValueKind.LONG_TEXT, ValueKind.CHOICES)


class Wanted(models.TextChoices):
    """How much it is wanted, as fields.choices.Level has it."""

    REQUIRED = "required", _("必填")
    WANTED = "wanted", _("建议填写")
    OPTIONAL = "optional", _("选填")


class Care(models.TextChoices):
    """How carefully values are handled, as fields.choices.Sensitivity has it."""

    NORMAL = "normal", _("一般")
    CONTACT = "contact", _("联系方式")
    PERSONAL = "personal", _("个人信息")


class FieldState(models.TextChoices):
    """Where an own field stands."""

    ACTIVE = "active", _("使用中")
    BINNED = "binned", _("已删除")
    REMOVED = "removed", _("已彻底删除")


class RollUp(models.TextChoices):
    """What a roll-up tells of what hangs on a customer."""

    CONTACTS = "contacts", _("联系人的个数")
    INTERACTIONS = "interactions", _("跟进的次数")
    SUM = "sum", _("联系人某个数字的合计")
    HIGHEST = "highest", _("联系人某个数字的最大值")
    LOWEST = "lowest", _("联系人某个数字的最小值")
    FILLED = "filled", _("填了某个字段的联系人个数")

    @property
    def reads_field(self) -> bool:
        return self in (RollUp.SUM, RollUp.HIGHEST, RollUp.LOWEST, RollUp.FILLED)


# What becomes what without losing anything, options and texts written out where they must be.
GROWS_INTO: dict[ValueKind, tuple[ValueKind, ...]] = {
    ValueKind.TEXT: (ValueKind.LONG_TEXT,),
    ValueKind.NUMBER: (ValueKind.MONEY, ValueKind.TEXT),
    ValueKind.MONEY: (ValueKind.NUMBER, ValueKind.TEXT),
    ValueKind.DATE: (ValueKind.TEXT,),
    ValueKind.PHONE: (ValueKind.TEXT,),
    ValueKind.EMAIL: (ValueKind.TEXT,),
    ValueKind.LINK: (ValueKind.TEXT,),
}
# What may become what when every value that is there stays as it is.
MAY_FIT: dict[ValueKind, tuple[ValueKind, ...]] = {
    ValueKind.TEXT: (
        ValueKind.NUMBER, ValueKind.MONEY, ValueKind.DATE, ValueKind.PHONE, ValueKind.EMAIL, ValueKind.LINK,
    ),
    ValueKind.LONG_TEXT: (ValueKind.TEXT,),
}  # fmt: skip
