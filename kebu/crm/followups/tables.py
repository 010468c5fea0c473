"""《客户跟进计划表》 and 《客户跟进记录表》 as they leave the house (S1-28)."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.access.queries import ScopedQuerySet, Viewer
from kebu.base.fields.directories import Context
from kebu.base.kit.errors import Unreadable
from kebu.base.tables.registry import Asked, Cell, Column, Table, Template, of_field
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.followups.fields import PLAN_FIELDS
from kebu.crm.followups.lists import PlanList
from kebu.crm.followups.models import Plan, PlanQuerySet
from kebu.crm.followups.records import RecordList
from kebu.crm.interactions.fields import INTERACTION_FIELDS
from kebu.crm.interactions.models import Interaction, InteractionQuerySet
from kebu.office.staff.fields import STAFF
from kebu.office.staff.queries import signed_in

RIGHT = Permission.CUSTOMER_EXPORT
OF_CUSTOMER = ("number", "name", "owner", "grade", "stage", "phone")
OF_CONTACT = ("name", "title", "phone")
CUSTOMER, CONTACT = gettext_lazy("客户"), gettext_lazy("联系人")
MOST_PICKED, NAMED = 5_000, 3
# The office's tables: column and the head it has there.
PLAN_TABLE = (
    "customer.owner=负责人 first_at=首次跟进时间 starts_at=下次跟进时间 customer.name=客户名称 "
    "contact.name=联系人 contact.title=职位 method=跟进方式 goal=跟进目标 due_at=截止时间 "
    "expected=预期成果 requirement=跟进要求 executors=执行人 status=跟进状态 result=完成情况 source=来源"
)
RECORD_TABLE = (
    "happened_at=跟进日期 customer.name=客户名称 contact.name=联系人 contact.title=职位 method=沟通方式 "
    "summary=沟通要点 feedback=客户反馈 need_change=客户需求变化 objections=异议点 our_promise=我方承诺事项 "
    "their_promise=客户承诺事项 next_step=下一步行动 next_follow_up_at=下次跟进时间 status=跟进状态 "
    "author=记录人 created_at=记录时间 customer.owner=负责人"
)


def _heads(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((key, head) for key, _sign, head in (part.partition("=") for part in text.split()))


def _customer(row: Any) -> Any:
    return row.customer


def _contact(row: Any) -> Any:
    return row.contact


def _beside() -> Iterator[Column]:
    """What both tables tell of the customer and the contact, by the rules of their fields."""
    for name in OF_CUSTOMER:
        item = CUSTOMER_FIELDS[name]
        column = of_field(item, key=f"customer.{name}", of=_customer)
        yield Column(column.key, column.label, column.make, column.fields, CUSTOMER)
    for name in OF_CONTACT:
        item = CONTACT_FIELDS[name]
        label = _("联系人") if name == "name" else _("联系人%(label)s") % {"label": item.label}
        column = of_field(item, key=f"contact.{name}", label=label, of=_contact)
        yield Column(column.key, column.label, column.make, column.fields, CONTACT)


def _member(key: str, label: Any, column: str) -> Column:
    """Who it was, by name."""

    def make(context: Context) -> Cell:
        staff = context.directory(STAFF)
        return lambda row: staff.name(getattr(row, column))

    return Column(key, label, make)


def _plain(key: str, label: Any, read: Any) -> Column:
    return Column(key, label, lambda _context: read)


def plan_columns(_context: Context) -> Iterator[Column]:
    """All columns of plans."""
    yield from (of_field(item) for item in PLAN_FIELDS.values() if item.name != "contact")
    yield _plain("source", _("来源"), lambda plan: plan.get_source_display())
    yield _member("created_by", _("安排人"), "created_by_id")
    yield _plain("completed_at", _("结束时间"), lambda plan: plan.completed_at)
    yield from _beside()


def record_columns(_context: Context) -> Iterator[Column]:
    """All columns of follow-ups."""
    yield from (of_field(item) for item in INTERACTION_FIELDS.values() if item.name != "contact")
    yield _member("author", _("记录人"), "author_id")
    yield _plain("created_at", _("记录时间"), lambda talk: talk.created_at)
    yield _plain("late", _("超过24小时才记"), lambda talk: _("是") if talk.is_late else "")
    yield from _beside()


def allowed_plans(user: Viewer) -> PlanQuerySet:
    """The plans that this person may take out."""
    return Plan.objects.within(user, RIGHT)


def allowed_records(user: Viewer) -> InteractionQuerySet:
    """The follow-ups that this person may take out."""
    return Interaction.objects.within(user, RIGHT)


def ask_plans(request: HttpRequest) -> Asked:
    """The plans ticked in the list, or all that its address asks for."""
    user = signed_in(request)
    asked = PlanList(request.GET.dict(), user, Context(reader=user))
    return _asked(request, asked.plans, Plan.objects.all(), allowed_plans(user), asked.in_words)


def ask_records(request: HttpRequest) -> Asked:
    """The same for follow-ups."""
    user = signed_in(request)
    asked = RecordList(request.GET.dict(), user, Context(reader=user))
    return _asked(request, asked.rows, Interaction.objects.all(), allowed_records(user), asked.in_words)


def _asked(
    request: HttpRequest,
    listed: ScopedQuerySet[Any],
    every: ScopedQuerySet[Any],
    allowed: ScopedQuerySet[Any],
    words: str,
) -> Asked:
    if request.POST.get("scope") == "all":
        rows = allowed.filter(pk__in=listed.order_by().values("pk"))
        return Asked(rows, words, beyond=listed.count() - rows.count(), hidden={"scope": "all"})
    texts = request.POST.get("ids", "").split(",")
    ids = sorted({int(text) for text in texts if text.isascii() and text.isdigit() and 0 < len(text) < 19})
    if not ids:
        raise Unreadable(_("还没有选，先勾选再导出"))
    if len(ids) > MOST_PICKED:
        raise Unreadable(_("一次最多勾选%(most)d条，再多请用“选中全部”") % {"most": MOST_PICKED})
    seen = every.visible_to(signed_in(request)).filter(pk__in=ids)
    if seen.count() < len(ids):
        raise Http404
    rows = allowed.filter(pk__in=ids)
    names = "、".join(str(one) for one in rows.order_by("pk")[:NAMED])
    told = _("勾选的：%(names)s等%(count)d条") % {"names": names, "count": len(ids)}
    return Asked(rows, told, beyond=len(ids) - rows.count(), hidden={"ids": ",".join(map(str, ids))})


def load(rows: QuerySet[Any], _keys: Collection[str]) -> Iterable[Model]:
    """The rows with their customers and contacts."""
    return rows.select_related("customer", "contact")


def _by(column: str) -> Any:
    def ordered(rows: QuerySet[Any], _order: str, _context: Context) -> QuerySet[Any]:
        return rows.order_by(column, "pk")

    return ordered


PLANS = Table(
    code="plans",
    label=gettext_lazy("跟进计划"),
    unit=gettext_lazy("个计划"),
    rows=allowed_plans,
    columns=plan_columns,
    ask=ask_plans,
    usual=tuple(key for key, _head in _heads(PLAN_TABLE)),
    load=load,
    ordered=_by("starts_at"),
    templates=(Template("plans", gettext_lazy("客户跟进计划表"), _heads(PLAN_TABLE)),),
)
RECORDS = Table(
    code="records",
    label=gettext_lazy("跟进记录"),
    unit=gettext_lazy("条记录"),
    rows=allowed_records,
    columns=record_columns,
    ask=ask_records,
    usual=tuple(key for key, _head in _heads(RECORD_TABLE)),
    load=load,
    ordered=_by("-happened_at"),
    templates=(Template("records", gettext_lazy("客户跟进记录表"), _heads(RECORD_TABLE)),),
)
