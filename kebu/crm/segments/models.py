"""SavedView, Arrangement, Segment, Snapshot."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context
from kebu.base.journal.upkeep import ranges_in_words, ranges_of
from kebu.base.records.models import Record
from kebu.crm.customers.conditions import ListQuery, tidied
from kebu.crm.customers.models import CustomerQuerySet
from kebu.crm.customers.outlooks import outlooks
from kebu.crm.segments.choices import Cycle, Reach
from kebu.office.staff.models import Department, User

LIVE = Q(discarded_at=None)


def reader_context(user: User, today: date | None = None) -> Context:
    """The context in which lists of customers are read for somebody."""
    owner_ids = user.owner_ids(Permission.CUSTOMER_VIEW)
    if today is None:
        return Context(owner_ids=owner_ids, reader=user)
    return Context(owner_ids=owner_ids, reader=user, today=today)


class KeptQuerySet(models.QuerySet[Any]):
    """Sets of views or segments."""

    def live(self) -> Self:
        """Those that nobody deleted."""
        return self.filter(LIVE)

    def open_to(self, user_id: int, departments: frozenset[int]) -> Self:
        """One's own, the company's, and those of the departments one belongs to, directly or from below."""
        of_place = Q(reach=Reach.DEPARTMENT, department__in=departments)
        return self.filter(Q(owner=user_id) | Q(reach=Reach.COMPANY) | of_place)


class Kept(Record):
    """What views and segments share: a query of the customer list under a name, for whom, by whom.

    ``query`` is the list's address in its normal form, the tab it stands on first.
    """

    name = models.CharField(_("名称"), max_length=40)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("负责人"), on_delete=models.PROTECT, related_name="+"
    )
    reach = models.CharField(_("谁能看到"), max_length=10, choices=Reach, default=Reach.PERSONAL)
    department = models.ForeignKey(
        Department, verbose_name=_("部门"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    query = models.TextField(_("条件"))
    discarded_at = models.DateTimeField(_("删除时间"), null=True, editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def asked_by(self, user: User, context: Context) -> ListQuery:
        """What was kept, asked by this reader: of his customers, and only by what is open to him."""
        params = tidied(QueryDict(self.query))
        if all(tab.code != params.get("view") for tab in outlooks(user)):
            params.pop("view", None)  # of his whole reach he has a tab of another name
        return ListQuery(params, user, context)

    @staticmethod
    def context_of(user: User, today: date) -> Context:
        """The context in which this user asks on that day."""
        return reader_context(user, today)

    @property
    def audience(self) -> str:
        """Who finds it, as the form says it."""
        if self.reach == Reach.DEPARTMENT and self.department_id:
            return f"d{self.department_id}"
        return str(Reach.COMPANY if self.reach == Reach.COMPANY else Reach.PERSONAL)


class SavedView(Kept):
    """A state of the customer list that opens with one click: conditions, search, order, columns, look."""

    columns = models.JSONField(_("列"), default=list)

    class Meta:
        verbose_name = _("保存的视图")
        verbose_name_plural = _("保存的视图")

    @property
    def code(self) -> str:
        """The name of its tab in addresses."""
        return f"v{self.pk}"

    def get_absolute_url(self) -> str:
        return f"{reverse('customers:list')}?view={self.code}"


class Arrangement(models.Model):
    """What one person wants of all tabs: their order, which stay hidden, which one the list opens with."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    order = models.JSONField(_("顺序"), default=list)
    hidden = models.JSONField(_("隐藏的"), default=list)
    first = models.CharField(_("默认"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("标签页安排")
        verbose_name_plural = _("标签页安排")

    def __str__(self) -> str:
        return f"{self.user_id}"


class Segment(Kept):
    """A living list of customers under a name: whoever fulfils its conditions is in it, today."""

    description = models.TextField(_("说明"), blank=True)
    purpose = models.CharField(_("用途"), max_length=120, blank=True)
    cycle = models.CharField(_("自动快照"), max_length=8, choices=Cycle, default=Cycle.NEVER)
    problem = models.CharField(_("快照没有存成"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("客户分群")
        verbose_name_plural = _("客户分群")

    def get_absolute_url(self) -> str:
        return reverse("segments:segment", args=[self.pk])

    def customers(self, user: User, today: date) -> CustomerQuerySet:
        """Who is in it on that day, of the customers this user sees; nobody, where its conditions ask for
        what is not open to him. For care, campaigns, exports and reports."""
        query = self.asked_by(user, self.context_of(user, today))
        return query.customers.none() if query.problems else query.customers


class Snapshot(models.Model):
    """Who was in a segment on a day, by the conditions of that day and as far as its owner saw."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="snapshots", db_index=False)
    on = models.DateField(_("日期"))
    at = models.DateTimeField(_("时间"))
    query = models.TextField(_("条件"))
    selection = models.TextField(blank=True)
    count = models.PositiveIntegerField(_("客户数"), default=0)
    is_scheduled = models.BooleanField(_("自动"), default=False)

    class Meta:
        verbose_name = _("分群快照")
        verbose_name_plural = _("分群快照")
        constraints = [models.UniqueConstraint(fields=["segment", "on"], name="snapshot_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on}"

    @property
    def spans(self) -> list[range]:
        """The numbers of the customers, as stretches."""
        return ranges_of(self.selection)

    @property
    def ids(self) -> list[int]:
        """The numbers of the customers, ascending."""
        return [pk for span in self.spans for pk in span]

    @ids.setter
    def ids(self, ids: list[int]) -> None:
        self.selection, self.count = ranges_in_words(ids), len(ids)
