"""What people were told of customers they do not see, and the disputes that follow."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer
from kebu.base.records.models import Record
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.choices import Aim, Outcome, State, Why

OPEN = Q(state=State.OPEN)


def fresh_key() -> str:
    """A name that tells nothing and cannot be guessed."""
    return uuid4().hex


class Policy(Record):
    """The office's one row: what the duplicate check says of a customer of somebody else."""

    names_owner = models.BooleanField(
        _("告诉查重的人这个客户是谁的"),
        default=True,
        help_text=_("关掉后只说“已存在，请联系主管”"),
    )

    class Meta:
        verbose_name = _("撞单设置")
        verbose_name_plural = _("撞单设置")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Sighting(models.Model):
    """That somebody was told on a day that a customer exists which he does not see.

    It counts towards the day's limit, and ``key`` is all he holds of the customer.
    """

    key = models.CharField(max_length=32, unique=True, default=fresh_key)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    why = models.CharField(max_length=10, choices=Why)
    typed = models.CharField(max_length=120)
    is_named = models.BooleanField()

    class Meta:
        verbose_name = _("查重答复")
        verbose_name_plural = _("查重答复")
        constraints = [models.UniqueConstraint(fields=["user", "on", "customer"], name="sighting_once")]

    def __str__(self) -> str:
        return self.key


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Sets of disputes."""

    def open(self) -> Self:
        return self.filter(OPEN)

    def settled_for(self, user: Viewer) -> Self:
        """Those decided or withdrawn in which he was a party, or which he decided."""
        mine = Q(applicant=user.pk) | Q(owner=user.pk) | Q(decided_by=user.pk)
        return self.exclude(OPEN).filter(mine)

    def seen_by(self, user: Viewer) -> Self:
        """Those that a user may open: as a party, as who decided, or with a say over the owner."""
        mine = Q(applicant=user.pk) | Q(owner=user.pk) | Q(decided_by=user.pk)
        owner_ids = user.owner_ids(Permission.CUSTOMER_ASSIGN)
        if owner_ids is None:
            return self
        return self.filter(mine | Q(owner__in=owner_ids) | Q(customer__owner__in=owner_ids))


class Dispute(Record):
    """A request to co-operate on somebody else's customer, or to have it, until it is decided (撞单).

    ``owner`` is whose it was when it was asked for; ``is_named``: the applicant may know who that is.
    """

    aim = models.CharField(_("诉求"), max_length=10, choices=Aim)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="disputes")
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("申请人"), on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("负责人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_named = models.BooleanField(default=True)
    typed = models.CharField(_("查的是"), max_length=120)
    why = models.CharField(_("重复依据"), max_length=10, choices=Why)
    reason = models.TextField(_("理由"), max_length=1000)
    evidence = models.TextField(
        _("依据"), max_length=2000, blank=True, help_text=_("怎么认识的、谈到哪一步、有什么记录可以证明")
    )
    contacted_on = models.DateField(_("首次接触时间"), null=True, blank=True)
    answer = models.TextField(_("负责人说明"), max_length=2000, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField(_("决定"), max_length=10, choices=Outcome, blank=True)
    words = models.TextField(_("决定说明"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("撞单")
        verbose_name_plural = _("撞单")
        indexes = [models.Index(fields=["-id"], condition=OPEN, name="dispute_open")]
        constraints = [
            models.UniqueConstraint(fields=["applicant", "customer"], condition=OPEN, name="dispute_one_open")
        ]

    def __str__(self) -> str:
        return self.typed

    def get_absolute_url(self) -> str:
        return reverse("disputes:dispute", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN
