"""Plan, PlanExecutor, Postponement."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import ScopedQuerySet, Viewer
from kebu.base.bulk.fresh import fresh
from kebu.base.records.models import Record
from kebu.base.ui.navigation import address
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.crm.followups import choices
from kebu.crm.interactions.choices import Method
from kebu.crm.interactions.models import Interaction

IS_OPEN = Q(completed_at__isnull=True)


class PlanQuerySet(ScopedQuerySet["Plan"]):
    """Sets of plans; seen by whoever sees the customer. What hangs on no customer is seen by who gave it, who
    carries it out, and those who see the customers of these."""

    owner_path = "customer__owner"

    def within(self, user: Viewer, permission: Permission) -> Self:
        owner_ids, shared = user.owner_ids(permission), user.shared_ids(permission)
        if owner_ids is None:
            return self
        doing = PlanExecutor.objects.filter(user__in=owner_ids | {user.pk})
        own = Q(created_by=user.pk) | Q(pk__in=doing.values("plan"))
        found = Q(customer__owner__in=owner_ids) | (Q(customer__isnull=True) & own)
        return self.filter(found | self._on(shared) if shared else found)

    def of_customers(self, user: Viewer) -> Self:
        """Those of customers that ``user`` sees, without tasks: a question of one path, for counting."""
        return super().within(user, Permission.CUSTOMER_VIEW).filter(customer__isnull=False)

    def mine(self, user: Viewer, *, is_open: bool | None = None) -> Self:
        """Those that ``user`` carries out, as far as he sees the customer."""
        owner_ids, shared = (
            user.owner_ids(Permission.CUSTOMER_VIEW),
            user.shared_ids(Permission.CUSTOMER_VIEW),
        )
        rows = self.executed_by(user.pk, is_open=is_open)
        if owner_ids is None:
            return rows
        found = Q(customer__isnull=True) | Q(customer__owner__in=owner_ids)
        return rows.filter(found | self._on(shared) if shared else found)

    def tasks(self) -> Self:
        """Those that hang on no customer."""
        return self.filter(customer__isnull=True)

    def open(self) -> Self:
        """Those that are still to be done."""
        return self.filter(IS_OPEN)

    def live(self) -> Self:
        """Without those of archived customers."""
        return self.filter(customer__archived_at__isnull=True)

    def executed_by(self, user_id: int, *, is_open: bool | None = None) -> Self:
        """Those that somebody carries out; told whether open ones, the others are not even looked at."""
        if is_open is None:
            return self.filter(executors__user=user_id)
        return self.filter(executors__user=user_id, executors__is_open__in=[is_open])


class Plan(Record):
    """Something to do (S4-11…13): with a customer, or a task of its own.

    ``first_at`` is when it was first to happen, ``starts_at`` when it happens now that it may have been put
    off, ``due_at`` until when it must be done. ``completed_at`` and ``completed_by`` tell its end, also of
    one given up; ``executor_ids`` holds who carries it out, the responsible one first.
    """

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("客户"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="plans",
        db_index=False,
    )
    contact = models.ForeignKey(
        Contact, verbose_name=_("联系人"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(
        _("计划类型"), max_length=10, choices=choices.PlanKind, default=choices.PlanKind.FOLLOW_UP
    )
    method = models.CharField(_("跟进方式"), max_length=8, choices=Method, default=Method.PHONE)
    goal = models.CharField(_("跟进目标"), max_length=200, help_text=_("这次要做成什么，如 确认试样时间"))
    expected = models.CharField(
        _("预期成果"), max_length=300, help_text=_("做完应该拿到什么，如 客户签回试样单")
    )
    requirement = models.TextField(
        _("跟进要求"), blank=True, help_text=_("给执行人的话：注意什么、带什么资料")
    )
    first_at = models.DateTimeField(_("首次跟进时间"))
    starts_at = models.DateTimeField(_("下次跟进时间"))
    due_at = models.DateTimeField(_("截止时间"))
    status = models.CharField(
        _("计划状态"), max_length=9, choices=choices.PlanStatus, default=choices.PlanStatus.ONGOING
    )
    result = models.TextField(_("结果"), blank=True)
    executor_ids = models.JSONField(default=list, editable=False)
    source = models.CharField(_("来源"), max_length=8, choices=choices.Source, default=choices.Source.HAND)
    source_key = models.CharField(max_length=120, null=True, unique=True, editable=False)  # noqa: DJ001 (NULLs are distinct)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("安排人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    completed_at = models.DateTimeField(_("结束时间"), null=True, editable=False)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    interaction = models.ForeignKey(
        Interaction, verbose_name=_("跟进记录"), null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("跟进计划")
        verbose_name_plural = _("跟进计划")
        indexes = [
            models.Index(fields=["customer", "starts_at", "id"], name="plan_customer"),
            models.Index(fields=["starts_at", "id"], condition=IS_OPEN, name="plan_starts"),
            models.Index(fields=["due_at", "id"], condition=IS_OPEN, name="plan_due"),
            models.Index(fields=["status", "starts_at", "id"], condition=IS_OPEN, name="plan_status"),
            models.Index(fields=["completed_at", "id"], condition=~IS_OPEN, name="plan_completed"),
            models.Index(
                fields=["created_by", "starts_at"], condition=Q(created_by__isnull=False), name="plan_given"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gte=F("starts_at")), name="plan_due_after_start"),
            models.CheckConstraint(
                condition=Q(IS_OPEN, status__in=["ongoing", "waiting"])
                | Q(completed_at__isnull=False, status__in=["done", "cancelled"]),
                name="plan_ended_or_open",
            ),
        ]

    def __str__(self) -> str:
        return self.goal

    def get_absolute_url(self) -> str:
        return address("followups:plan", self.pk)

    @property
    def is_open(self) -> bool:
        return self.completed_at is None

    @property
    def method_label(self) -> str:
        """The method in words; what Django's own accessor does in a tenth of its time."""
        return str(Method(self.method).label)

    @property
    def steers(self) -> bool:
        """Whether it is one that the customer's next follow-up is read from: not those of rules."""
        return self.customer_id is not None and self.source != choices.Source.CADENCE

    def carried_out_by(self, user_ids: Iterable[int]) -> list["PlanExecutor"]:
        """The unsaved rows by which the saved plan is found for these people."""
        told = {"plan_id": self.pk, "customer_id": self.customer_id, **self.found_by}
        return [fresh(PlanExecutor, user_id=pk, **told) for pk in user_ids]

    @property
    def found_by(self) -> dict[str, Any]:
        """What the rows of who carries it out tell of it, by their names; its customer besides."""
        times = {"starts_at": self.starts_at, "due_at": self.due_at}
        return {"is_open": self.is_open, "is_rhythm": self.source == choices.Source.CADENCE, **times}

    def is_overdue(self, now: datetime | None = None) -> bool:
        """Still open after its last moment."""
        return self.is_open and self.due_at < (now or timezone.now())

    def hold(self) -> None:
        """See the plan, and its customer before it, as they are now; nobody else changes them until the
        transaction ends. Raises Gone."""
        if self.customer is not None:
            self.customer.hold()
        held: Any = Plan.objects.select_for_update(no_key=True, of=("self",))
        self.see_again(held.select_related("customer"))


class PlanExecutor(models.Model):
    """One who carries a plan out; what the plan's ``executor_ids`` tells, to be found by.

    All else is the plan's own (``Plan.carried_out_by``): neither years of ended ones nor the months to come
    stand in the way of what somebody does this week, and thousands of them are counted without being read.
    ``is_rhythm`` says that the cadence made it.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="executors")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("执行人"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("客户"),
        null=True,
        on_delete=models.DO_NOTHING,  # goes with its plan
        related_name="+",
        db_index=False,
        db_constraint=False,
        editable=False,
    )
    is_open = models.BooleanField(editable=False)
    is_rhythm = models.BooleanField(editable=False)
    starts_at = models.DateTimeField(editable=False)
    due_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("执行人")
        verbose_name_plural = _("执行人")
        indexes = [
            models.Index(
                fields=["user", "is_open", "starts_at", "plan", "due_at", "customer", "is_rhythm"],
                name="plan_executor_starts",
            )
        ]
        constraints = [models.UniqueConstraint(fields=["user", "plan"], name="plan_executor_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.user_id}"


class Postponement(models.Model):
    """That a plan was put off: from when to when, why, by whom."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="postponements")
    before = models.DateTimeField(_("原来的时间"))
    after = models.DateTimeField(_("改到"))
    reason = models.CharField(_("延期原因"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("延期")
        verbose_name_plural = _("延期")

    def __str__(self) -> str:
        return self.reason
