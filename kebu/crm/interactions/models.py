"""Interaction."""

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import ScopedQuerySet
from kebu.base.fields.apart import MoreThanADayAfter
from kebu.base.kit.dates import over_at
from kebu.base.records.models import Record
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.crm.interactions import choices

LATE_AFTER = timedelta(hours=24)
TOLD_LATE = models.Q(MoreThanADayAfter("created_at", "happened_at"))  # what `is_late` says
OURS, THEIRS = models.Q(our_promise_on__isnull=False), models.Q(their_promise_on__isnull=False)
POINTS = ("feedback", "need_change", "objections", "our_promise", "their_promise")
DUE = {"our_promise": "our_promise_on", "their_promise": "their_promise_on"}
ICONS = {
    choices.Method.PHONE: "phone",
    choices.Method.WECHAT: "brand-wechat",
    choices.Method.EMAIL: "mail",
    choices.Method.VISIT: "map-pin",
    choices.Method.ONLINE: "video",
    choices.Method.SMS: "device-mobile",
    choices.Method.OTHER: "notes",
}


class InteractionQuerySet(ScopedQuerySet["Interaction"]):
    """Sets of interactions; seen by whoever sees the customer."""

    owner_path = "customer__owner"


class Interaction(Record):
    """One contact with a customer (S0-27, S1-14, S4-14). ``created_at`` is when it was recorded."""

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("客户"),
        on_delete=models.CASCADE,
        related_name="interactions",
        db_index=False,
    )
    contact = models.ForeignKey(
        Contact, verbose_name=_("联系人"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    method = models.CharField(
        _("沟通方式"), max_length=8, choices=choices.Method, default=choices.Method.PHONE
    )
    happened_at = models.DateTimeField(_("沟通时间"))
    summary = models.TextField(_("沟通要点"))
    feedback = models.TextField(_("客户反馈"), blank=True)
    need_change = models.TextField(_("需求变化"), blank=True)
    objections = models.TextField(_("异议点"), blank=True)
    our_promise = models.TextField(_("我方承诺"), blank=True)
    our_promise_on = models.DateField(_("我方承诺期限"), null=True, blank=True)
    their_promise = models.TextField(_("客户承诺"), blank=True)
    their_promise_on = models.DateField(_("客户承诺期限"), null=True, blank=True)
    is_deep = models.BooleanField(
        _("深度沟通"),
        default=False,
        help_text=_(
            "问清了需求、预算、决策人有什么变化；勾上，节奏里的深度需求挖掘、需求回访、激活沟通就算做过"
        ),
    )
    next_step = models.CharField(_("下一步"), max_length=200, blank=True)
    next_follow_up_at = models.DateTimeField(_("下次跟进时间"), null=True, blank=True)
    status = models.CharField(
        _("跟进状态"), max_length=8, choices=choices.FollowUpStatus, default=choices.FollowUpStatus.ONGOING
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("记录人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    objects = InteractionQuerySet.as_manager()

    class Meta:
        verbose_name = _("跟进记录")
        verbose_name_plural = _("跟进记录")
        indexes = [
            models.Index(fields=["customer", "-happened_at", "-id"], name="interaction_customer"),
            models.Index(fields=["author", "happened_at"], name="interaction_author"),
            models.Index(fields=["author", "happened_at"], condition=TOLD_LATE, name="interaction_late"),
            models.Index(fields=["happened_at", "method", "status", "customer"], name="interaction_found"),
            models.Index(fields=["our_promise_on", "customer"], condition=OURS, name="interaction_ours"),
            models.Index(
                fields=["their_promise_on", "customer"], condition=THEIRS, name="interaction_theirs"
            ),
        ]

    def __str__(self) -> str:
        return self.summary[:40]

    @cached_property
    def author_name(self) -> str:
        """Who recorded it; a history that knows the staff by name sets it instead of joining them."""
        return self.author.name if self.author else ""

    @property
    def icon(self) -> str:
        """The sign of the method."""
        return ICONS[choices.Method(self.method)]

    @property
    def method_label(self) -> str:
        """The method in words; what Django's own accessor does in a tenth of its time."""
        return str(choices.Method(self.method).label)

    @property
    def points(self) -> list[tuple[str, str]]:
        """What was noted besides the summary: label and text."""
        texts = ((name, getattr(self, name)) for name in POINTS)
        found = [(point_label(name), text + self._due(name)) for name, text in texts if text]
        when = f"{timezone.localtime(self.next_follow_up_at):%Y-%m-%d}" if self.next_follow_up_at else ""
        following = f"{when} {self.next_step}".strip()
        return [*found, (str(_("下一步")), following)] if following else found

    def _due(self, name: str) -> str:
        """Until when a promise is to be kept, if that was said."""
        day = getattr(self, DUE[name]) if name in DUE else None
        return str(_("（%(day)s前）")) % {"day": day.isoformat()} if day else ""

    @property
    def lateness(self) -> timedelta:
        """How long after the event it was recorded; after the day, where only that was told."""
        return self.created_at - over_at(self.happened_at)

    @property
    def is_late(self) -> bool:
        """Recorded more than 24 hours after the event (S1-14); the one place that says so, with TOLD_LATE."""
        return self.lateness > LATE_AFTER


def point_label(name: str) -> str:
    """How a point is called: the name of its column."""
    column: Any = Interaction._meta.get_field(name)
    return str(column.verbose_name)
