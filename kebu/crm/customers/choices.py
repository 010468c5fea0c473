"""Fixed lists of the customer: values code branches on or that the requirements name exactly."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    """企业 or 个人 (X6): they have different forms."""

    COMPANY = "company", _("企业")
    PERSON = "person", _("个人")


class CustomerType(models.TextChoices):
    """客户类型, exactly these four (S0-19, X2)."""

    POTENTIAL = "potential", _("潜在客户")
    PROSPECT = "prospect", _("意向客户")
    WON = "won", _("成交客户")
    LOST = "lost", _("流失客户")


class Grade(models.TextChoices):
    """客户分级 (X1)."""

    A = "A", _("A级")
    B = "B", _("B级")
    C = "C", _("C级")


class ValueTier(models.TextChoices):
    """价值等级 by yearly spend (X1, X9): VIP from 10万, 普通 below 1万, 中等 between; 潜力 is what
    buys little yet and is worth tending (S2-21, S3-07)."""

    VIP = "vip", _("VIP")
    MIDDLE = "middle", _("中等")
    ORDINARY = "ordinary", _("普通")
    PROMISE = "promise", _("潜力")


class DevelopmentStage(models.TextChoices):
    """发展阶段 (S1-03)."""

    STARTUP = "startup", _("初创")
    GROWTH = "growth", _("成长")
    MATURE = "mature", _("成熟")


class Headcount(models.TextChoices):
    """Size by people, exclusive and complete (X8); the lower end belongs to the band."""

    LT50 = "lt50", _("50人以下")
    FROM50 = "50_100", _("50-100人")
    FROM100 = "100_500", _("100-500人")
    FROM500 = "500_1000", _("500-1000人")
    GTE1000 = "gte1000", _("1000人以上")


class Revenue(models.TextChoices):
    """Size by yearly revenue (X8)."""

    LT5M = "lt5m", _("500万以下")
    FROM5M = "5m_20m", _("500万-2000万")
    FROM20M = "20m_100m", _("2000万-1亿")
    FROM100M = "100m_500m", _("1亿-5亿")
    FROM500M = "500m_1b", _("5亿-10亿")
    GTE1B = "gte1b", _("10亿以上")


class PurchaseIntent(models.TextChoices):
    """采购意向 (S1-05)."""

    CLEAR = "clear", _("明确需求")
    LATENT = "latent", _("潜在需求")


class Urgency(models.TextChoices):
    """需求紧急程度 (S4-08); also used for price sensitivity."""

    HIGH = "high", _("高")
    MEDIUM = "medium", _("中")
    LOW = "low", _("低")


class NeedType(models.TextChoices):
    """需求类型 (S2-21, S4-08)."""

    PURCHASE = "purchase", _("产品采购")
    SERVICE = "service", _("服务合作")
    CONSULTING = "consulting", _("咨询")
    SUPPORT = "support", _("技术支持")
    OTHER = "other", _("其他")


class NeedStage(models.TextChoices):
    """需求阶段 (S1-11), another axis than the follow-up stage (X4)."""

    AWARENESS = "awareness", _("认知")
    CONSIDERATION = "consideration", _("考虑")
    DECISION = "decision", _("决策")
    REPURCHASE = "repurchase", _("复购")


class Gender(models.TextChoices):
    """性别 of a natural person."""

    FEMALE = "female", _("女")
    MALE = "male", _("男")
