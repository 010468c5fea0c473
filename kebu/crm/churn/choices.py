"""Fixed lists of churn warnings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sign(models.TextChoices):
    """What tells that a customer may leave (S1-26)."""

    TALKS = "talks", _("沟通频率下降")
    PAUSE = "pause", _("很久没有沟通")
    PURCHASE = "purchase", _("周期采购没有来")
    CONTRACT = "contract", _("合同到期没有续")
    PROMISE = "promise", _("我方承诺没有兑现")
    CHANGE = "change", _("变更后没有沟通")


class Risk(models.TextChoices):
    """How serious the signals are together."""

    WATCH = "watch", _("关注")
    WARN = "warn", _("预警")
    DANGER = "danger", _("高危")


class Status(models.TextChoices):
    """How a warning stands."""

    OPEN = "open", _("待处理")
    SAVING = "saving", _("挽回中")
    STEADY = "steady", _("已稳住")
    LOST = "lost", _("已流失")

    @property
    def step(self) -> str:
        """What is done next about a warning that stands so: once a measure is on, how it goes is told."""
        return str(_("更新进展") if self is Status.SAVING else _("找原因，定措施"))


class Cause(models.TextChoices):
    """Why the customer draws back."""

    PRICE = "price", _("价格")
    RIVAL = "rival", _("竞品")
    SERVICE = "service", _("服务")
    NEED = "need", _("需求变化")
    PEOPLE = "people", _("人员变动")
    USE = "use", _("使用少了")
    OTHER = "other", _("其他")


class Measure(models.TextChoices):
    """What is done to keep it."""

    OFFER = "offer", _("优惠方案")
    CARE = "care", _("专属服务升级")
    VISIT = "visit", _("高层拜访")
    TRAINING = "training", _("培训与回访")
    OTHER = "other", _("其他")


UNDER_WAY = (Status.OPEN, Status.SAVING)
