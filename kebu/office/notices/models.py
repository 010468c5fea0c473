"""Notice, Delivery, Preference, Channel."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kebu.office.notices.choices import BY_ADDRESS, DUE, OUTWARD, State, Way
from kebu.office.notices.kinds import label_of

KEY_LENGTH, TITLE_LENGTH, TEXT_LENGTH, URL_LENGTH = 160, 200, 1_000, 300


class Notice(models.Model):
    """Something one person is told; ``key`` says what, so that it is told once.

    ``about`` is the record it is about (``about_kind`` "" for none): who may no longer see that record no
    longer sees the notice.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("收件人"), on_delete=models.CASCADE, related_name="notices"
    )
    key = models.CharField(max_length=KEY_LENGTH)
    kind = models.CharField(_("种类"), max_length=60)
    title = models.CharField(_("标题"), max_length=TITLE_LENGTH)
    text = models.CharField(_("内容"), max_length=TEXT_LENGTH, blank=True)
    url = models.CharField(_("链接"), max_length=URL_LENGTH, blank=True)
    about_kind = models.CharField(max_length=30, blank=True)
    about_id = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读时间"), null=True)

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_inbox"),
            models.Index(fields=["user", "-id"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(fields=["user", "kind", "-id"], name="notice_kind"),
            models.Index(fields=["about_kind", "about_id"], name="notice_about"),
            models.Index(fields=["created_at"], name="notice_age"),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> tuple[str, int]:
        """The record it is about; ("", 0) for none."""
        return self.about_kind, self.about_id

    @property
    def kind_label(self) -> str:
        """What its kind is called."""
        return label_of(self.kind)


class Channel(models.Model):
    """A way out: of the office (``user`` null, then ``kinds`` says what goes there), or one person's own.

    Address and secret lie sealed (``sealing``): for robots the address itself lets one in.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("员工"),
        null=True,
        on_delete=models.CASCADE,
        related_name="notice_channels",
    )
    way = models.CharField(_("方式"), max_length=10, choices=[(way.value, way.label) for way in OUTWARD])
    name = models.CharField(_("名称"), max_length=40)
    address = models.TextField(_("地址"))
    secret = models.TextField(_("密钥"), blank=True)
    kinds = models.JSONField(_("发哪些通知"), default=list)
    is_active = models.BooleanField(_("启用"), default=True)
    paused_until = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("通知渠道")
        verbose_name_plural = _("通知渠道")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "way"],
                name="channel_own_once",
                condition=Q(user__isnull=False, removed_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(way__in=[way.value for way in OUTWARD]), name="channel_way"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_called(self) -> bool:
        """It has an address that is called, other than a mailbox."""
        return self.way in BY_ADDRESS


class Delivery(models.Model):
    """One notice on its way out, by a channel or (``channel`` null) to the person's own mailbox.

    ``holder`` is the try that is sending it: a fresh word each time; only that try can say how it went.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    way = models.CharField(_("方式"), max_length=10, choices=[(way.value, way.label) for way in OUTWARD])
    channel = models.ForeignKey(Channel, null=True, on_delete=models.RESTRICT, related_name="deliveries")
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(_("发送时间"))
    tries = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    holder = models.CharField(max_length=40, blank=True)
    job_id = models.BigIntegerField(null=True)
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    answer = models.CharField(_("对方的答复"), max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("通知投递")
        verbose_name_plural = _("通知投递")
        indexes = [
            models.Index(fields=["due_at", "id"], name="delivery_due", condition=Q(state__in=list(DUE))),
            models.Index(fields=["sending_at"], name="delivery_sending", condition=Q(state=State.SENDING)),
            models.Index(fields=["state", "-id"], name="delivery_state"),
            models.Index(fields=["channel", "sending_at"], name="delivery_pace"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel"], name="delivery_once", condition=Q(channel__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["notice", "way"], name="delivery_mail_once", condition=Q(channel__isnull=True)
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="delivery_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.get_state_display()}"


class Preference(models.Model):
    """How one person wants to be told; whoever has none is told as the kinds say.

    ``ways`` holds, per kind he chose for, the ways that are on. Within the quiet hours nothing leaves the
    house; they may pass midnight.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("员工"),
        on_delete=models.CASCADE,
        related_name="notice_preference",
    )
    ways = models.JSONField(default=dict)
    quiet_from = models.TimeField(_("免打扰开始"), null=True, blank=True)
    quiet_until = models.TimeField(_("免打扰结束"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("通知偏好")
        verbose_name_plural = _("通知偏好")

    def __str__(self) -> str:
        return str(self.user_id)

    def wants(self, kind: str, way: Way, default: tuple[Way, ...]) -> bool:
        """Whether he wants to hear of this kind in that way."""
        chosen: dict[str, Any] = self.ways
        return way in chosen[kind] if kind in chosen else way in default
