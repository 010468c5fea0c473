"""Fixed lists of key dates."""

from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sort(models.TextChoices):
    """What the day is for (S1-15, S4-04, S4-18, S4-19, S4-20)."""

    CONTRACT = "contract", _("合同到期")
    WARRANTY = "warranty", _("质保到期")
    PAYMENT = "payment", _("应收款")
    PURCHASE = "purchase", _("周期采购")
    VISIT = "visit", _("定期回访")
    ANNIVERSARY = "anniversary", _("周年纪念")
    FESTIVAL = "festival", _("节日问候")
    OTHER = "other", _("其他日子")


def label_beside(sort: str, name: str) -> str:
    """What the sort is called, for beside a name; nothing where the name says so itself."""
    label = str(Sort(sort).label)
    return "" if label in name else label


class Group(models.TextChoices):
    """Sorts that are looked at together."""

    CONTRACT = "contract", _("合同与质保")
    PAYMENT = "payment", _("应收款")
    PURCHASE = "purchase", _("周期采购")
    CARE = "care", _("关怀")


GROUPS = MappingProxyType(
    {
        Group.CONTRACT: (Sort.CONTRACT, Sort.WARRANTY),
        Group.PAYMENT: (Sort.PAYMENT,),
        Group.PURCHASE: (Sort.PURCHASE,),
        Group.CARE: (Sort.VISIT, Sort.ANNIVERSARY, Sort.FESTIVAL, Sort.OTHER),
    }
)
GROUP_OF = MappingProxyType({sort: group for group, sorts in GROUPS.items() for sort in sorts})
USUAL_LEAD = MappingProxyType({Group.CONTRACT: 30, Group.PAYMENT: 7, Group.PURCHASE: 14, Group.CARE: 7})
"""Days before it that one begins to act, where nobody says otherwise."""
MOST_LEAD = 180
WAITING_SORTS = (*GROUPS[Group.CONTRACT], *GROUPS[Group.PAYMENT])
"""Days that wait until somebody sees to them: they never move on by themselves."""
ICONS = MappingProxyType(
    {
        Group.CONTRACT: "contract",
        Group.PAYMENT: "currency-yuan",
        Group.PURCHASE: "refresh",
        Group.CARE: "heart",
    }
)


class Repeat(models.TextChoices):
    """How often the day comes."""

    ONCE = "once", _("只这一次")
    MONTH = "month", _("每月")
    TWO_MONTHS = "two_months", _("每两个月")
    QUARTER = "quarter", _("每季度")
    HALF_YEAR = "half_year", _("每半年")
    YEAR = "year", _("每年")
    LUNAR_YEAR = "lunar_year", _("每年（农历）")
    TWO_YEARS = "two_years", _("每两年")


MONTHS = MappingProxyType(
    {
        Repeat.MONTH: 1,
        Repeat.TWO_MONTHS: 2,
        Repeat.QUARTER: 3,
        Repeat.HALF_YEAR: 6,
        Repeat.YEAR: 12,
        Repeat.TWO_YEARS: 24,
    }
)
"""How many months lie between; the lunar year has months of its own."""
