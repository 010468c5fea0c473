"""The table of customers as it leaves the house: its columns, the office's three tables, what is asked."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import QuerySet, Value
from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field
from kebu.base.kit.errors import Unreadable
from kebu.base.tables.registry import Asked, Cell, Column, Table, Template, of_field
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.columns import columns_of, places_of
from kebu.crm.customers.conditions import ListQuery, tidied
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer, CustomerQuerySet
from kebu.crm.customers.selections import MOST_PICKED, NAMED
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

RIGHT = Permission.CUSTOMER_EXPORT
BETWEEN = " / "
DECIDER = "decider"
SERIAL, WAY, SIZE = "serial", "way", "size"
# The office's own tables: column and the head it has there, for people know them by these.
BASIC = (
    "number=客户编号 name=客户名称 industry=所属行业 customer_type=客户类型 way=联系方式 "
    "first_contact_on=首次接触时间 source=客户来源 key_contact=关键联系人 stage=跟进阶段 "
    "last_contact_at=最后跟进时间 owner=跟进人 remark=备注"
)
BASE = (
    "serial=序号 name=客户公司名称 industry=所属行业 size=规模(人/营收) main_business=主营业务 "
    "decider.name=关键决策人 decider.title=职位 way=联系方式 pain_points=需求痛点 budget=预算范围 "
    "grade=客户分级 source=来源 first_contact_on=首次接触日期 owner=负责人"
)
COLLECTION = (
    "name=客户名称 contact.name=姓名 contact.title=职位 way=联系电话 industry=所属行业 size=企业规模 "
    "first_contact_on=首次接触时间 need_types=需求类型 budget=预估采购预算 value_tier=客户等级"
)
PEOPLE = gettext_lazy("联系人")
DONE_FOR_YOU = gettext_lazy("合在一起的")


@dataclass(frozen=True, slots=True)
class Line:
    """A customer with the people that columns speak of."""

    customer: Any
    contact: Contact | None
    decider: Contact | None

    @property
    def pk(self) -> int:
        """Whom the line is about."""
        return int(self.customer.pk)


def _customer(line: Line) -> Any:
    return line.customer


def _contact(line: Line) -> Contact | None:
    return line.contact


def _decider(line: Line) -> Contact | None:
    return line.decider


def _serial(_context: Context) -> Cell:
    numbers = count(1)
    return lambda _line: next(numbers)


def joined(fields: Collection[Field], of: Callable[[Line], Any]) -> Callable[[Context], Cell]:
    """Several fields in one cell, those that are there; of masked ones the outline."""

    def make(context: Context) -> Cell:
        parts = [of_field(item, of=of).make(context) for item in fields if item.allows(Use.EXPORT, context)]
        return lambda line: BETWEEN.join(str(text) for part in parts if (text := part(line)))

    return make


def columns(context: Context) -> Iterator[Column]:
    """All columns there are."""
    of, own = CUSTOMER_FIELDS, CONTACT_FIELDS
    yield from (of_field(item, of=_customer) for item in of.values())
    for item in own.values():
        label = _("联系人%(label)s") % {"label": item.label}
        column = of_field(item, key=f"contact.{item.name}", label=label, of=_contact)
        yield Column(column.key, column.label, column.make, column.fields, PEOPLE)
    for name in ("name", "title"):
        label = _("关键决策人") if name == "name" else _("关键决策人职位")
        column = of_field(own[name], key=f"{DECIDER}.{name}", label=label, of=_decider)
        yield Column(column.key, column.label, column.make, column.fields, PEOPLE)
    yield Column(SERIAL, _("序号"), _serial, (), DONE_FOR_YOU)
    ways, sizes = (of["phone"], of["email"]), (of["headcount"], of["revenue"])
    yield Column(WAY, _("联系方式"), joined(ways, _customer), ways, DONE_FOR_YOU)
    yield Column(SIZE, _("规模（人/营收）"), joined(sizes, _customer), sizes, DONE_FOR_YOU)


def load(rows: QuerySet[Any], keys: Collection[str]) -> Iterable[Line]:
    """The customers, lean, with their key contact and who decides there, where a column asks for them."""
    wanted = {"pk", "id"}
    for key in {*keys, *("phone", "email") * (WAY in keys), *("headcount", "revenue") * (SIZE in keys)}:
        wanted |= set(CUSTOMER_FIELDS[key].columns) if key in CUSTOMER_FIELDS else set()
    found = list(rows.values_list(*sorted(wanted), named=True))
    with_people = any(key.startswith(("contact.", f"{DECIDER}.")) for key in keys)
    first, deciders = _people([row.pk for row in found]) if with_people else ({}, {})
    for row in found:
        contact = first.get(row.pk)
        yield Line(row, contact, deciders.get(row.pk, contact))


def _people(ids: list[int]) -> tuple[dict[int, Contact], dict[int, Contact]]:
    """Of each customer the key contact, and the first who decides."""
    first: dict[int, Contact] = {}
    deciders: dict[int, Contact] = {}
    for contact in Contact.objects.filter(customer__in=ids).in_order():
        first.setdefault(contact.customer_id, contact)
        if contact.role == DECIDER:
            deciders.setdefault(contact.customer_id, contact)
    return first, deciders


def ordered(rows: QuerySet[Any], order: str, context: Context) -> QuerySet[Any]:
    """In the order of the list, as far as it is open to the reader."""
    query = ListQuery(
        QueryDict(urlencode({"sort": order or "number"})), cast("User", context.reader), context
    )
    ordering = (part for part in query.sort.ordering if not isinstance(part.expression, Value))
    return rows.order_by(*ordering)


def allowed(user: Viewer) -> CustomerQuerySet:
    """The customers whom this person may take out."""
    return Customer.objects.within(user, RIGHT)


def ask(request: HttpRequest) -> Asked:
    """The customers ticked in a list, or all that its address asks for."""
    user = signed_in(request)
    context = Context(owner_ids=user.owner_ids(Permission.CUSTOMER_VIEW), reader=user)
    query = ListQuery(tidied(request.GET), user, context)
    is_all = request.POST.get("scope") == "all"
    ids = [] if is_all else _ticked(request)
    seen = query.customers if is_all else Customer.objects.visible_to(user).filter(pk__in=ids)
    if ids and seen.count() < len(ids):
        raise Http404
    rows = allowed(user).filter(pk__in=seen.order_by().values("pk")) if is_all else seen & allowed(user)
    reach = user.owner_ids(RIGHT), user.shared_ids(RIGHT)
    is_whole = reach == (user.owner_ids(Permission.CUSTOMER_VIEW), user.shared_ids(Permission.CUSTOMER_VIEW))
    places = columns_of(places_of(user, query.outlook, context), context)
    return Asked(
        rows,
        in_words(query) if is_all else _named(rows, len(ids)),
        ("number", *(one.name for one in places)),
        query.sort_text,
        0 if is_whole else seen.count() - rows.count(),
        {"scope": "all"} if is_all else {"ids": ",".join(map(str, ids))},
    )


def _ticked(request: HttpRequest) -> list[int]:
    texts = request.POST.get("ids", "").split(",")
    ids = {int(text) for text in texts if text.isascii() and text.isdigit() and 0 < len(text) < 19}
    if not ids:
        raise Unreadable(_("还没有选客户，先勾选再导出"))
    if len(ids) > MOST_PICKED:
        raise Unreadable(_("一次最多勾选%(most)d个客户，再多请用“选中全部”") % {"most": MOST_PICKED})
    return sorted(ids)


def _named(rows: QuerySet[Any], total: int) -> str:
    names = list(rows.order_by("pk").values_list("name", flat=True)[:NAMED])
    more = _("等%(count)d个") % {"count": total} if total > len(names) else ""
    return _("勾选的：%(names)s") % {"names": "、".join(names) + more}


def in_words(query: ListQuery) -> str:
    """Which customers a list shows, as its sentence says it."""
    parts = [str(query.outlook.subject)]
    parts += [f"{chip.label}{chip.before}{chip.words}{chip.after}" for chip in query.chips]
    parts += [_("含有“%(text)s”") % {"text": query.search}] if query.search else []
    return "，".join(parts)


def heads(text: str) -> tuple[tuple[str, str], ...]:
    """The columns of a template with their heads."""
    return tuple((key, head) for key, _sign, head in (part.partition("=") for part in text.split()))


CUSTOMERS = Table(
    code="customers",
    label=gettext_lazy("客户"),
    unit=gettext_lazy("个客户"),
    rows=allowed,
    columns=columns,
    ask=ask,
    usual=("number", "name", "phone", "email", "region", "address"),
    load=load,
    ordered=ordered,
    customer="pk",
    templates=(
        Template("basic", gettext_lazy("客户基本信息表"), heads(BASIC)),
        Template("base", gettext_lazy("客户基础信息表"), heads(BASE)),
        Template("collection", gettext_lazy("客户信息采集表"), heads(COLLECTION)),
    ),
)
