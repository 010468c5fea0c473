"""Ways out of the house, and how far a delivery has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """How somebody is told, besides the inbox."""

    POPUP = "popup", _("浏览器提醒")
    EMAIL = "email", _("邮件")
    WECOM = "wecom", _("企业微信")
    DINGTALK = "dingtalk", _("钉钉")
    FEISHU = "feishu", _("飞书")
    WEBHOOK = "webhook", _("自己的接口")


ROBOTS = (Way.WECOM, Way.DINGTALK, Way.FEISHU)
BY_ADDRESS = (*ROBOTS, Way.WEBHOOK)  # what a Channel's address is called at
OUTWARD = (Way.EMAIL, *BY_ADDRESS)

QUIET = (Way.POPUP,)  # default_channels of a Kind: nothing leaves the house
USUAL = (Way.POPUP, *BY_ADDRESS)  # whoever has set up a robot wants to hear it there
URGENT = (Way.POPUP, *OUTWARD)


class State(models.TextChoices):
    """Where a delivery stands. 未确认: it may have arrived, so it is never sent again by itself."""

    WAITING = "waiting", _("待发")
    SENDING = "sending", _("正在发")
    SENT = "sent", _("已发")
    UNCONFIRMED = "unconfirmed", _("未确认")
    FAILED = "failed", _("失败")
    DEAD = "dead", _("死信")
    DROPPED = "dropped", _("不发")


DUE = (State.WAITING, State.FAILED)  # what is sent when its time comes
