"""Grounds, aims and ends of disputes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Why(models.TextChoices):
    """Why two customers are taken for one: what they share, strongest first."""

    NAME = "name", _("公司名称相同")
    PHONE = "phone", _("电话相同")
    CONTACT_PHONE = "contact", _("联系人电话相同")
    SIMILAR = "similar", _("名称相近")


class Aim(models.TextChoices):
    """What the applicant asks for."""

    COOPERATE = "cooperate", _("申请协作")
    CONTEST = "contest", _("提出异议")


class State(models.TextChoices):
    """Where it stands."""

    OPEN = "open", _("等待处理")
    DECIDED = "decided", _("已决定")
    WITHDRAWN = "withdrawn", _("已撤回")


class Outcome(models.TextChoices):
    """How it is decided."""

    STAYS = "stays", _("维持现状")
    BOTH = "both", _("一起协作")
    GOES = "goes", _("转给申请人")
