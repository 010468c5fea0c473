"""What customers are found and sorted by: their fields, and what rooms above know of them."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext_lazy as _

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field
from kebu.base.filters.facets import Facet
from kebu.crm.customers.fields import CUSTOMER_FIELDS, FOLLOW_UP
from kebu.crm.customers.models import Collaborator
from kebu.crm.customers.queries import sees_what_completeness_tells
from kebu.office.staff.fields import UserKind

Provider = Callable[[], Iterable[Facet]]
SORTED_FIRST = (
    "next_follow_up_at", "last_contact_at", "created_at", "first_contact_on", "name", "grade", "stage",
    "customer_type", "industry", "region", "source", "owner", "number",
)  # fmt: skip
VERBS = {
    **dict.fromkeys(("新增", "新建", "创建", "录入", "加入", "新来", "新", "进来"), ("created_at",)),
    **dict.fromkeys(("跟进过", "联系过", "有跟进", "有联系", "跟进", "联系", "quiet"), ("last_contact_at",)),
    **dict.fromkeys(("要跟进", "待跟进", "该跟进", "要联系", "overdue"), ("next_follow_up_at",)),
    **dict.fromkeys(("首次接触", "接触"), ("first_contact_on",)),
    **dict.fromkeys(("交付", "交货", "要交付", "要交货"), ("delivery_on",)),
    **dict.fromkeys(("分配", "新分配"), ("assigned_at",)),
    **dict.fromkeys(("生日", "过生日", "有人过生日"), ("birthday", "contact.birthday")),
}
"""What is said to have happened in a stretch of days, and the facets that tell it."""
_PROVIDERS: dict[str, Provider] = {}


def register(prefix: str, provider: Provider) -> None:
    """Offer facets whose names begin with the prefix and a dot: contact.title; a room does so in ready()."""
    _PROVIDERS[prefix] = provider


def facet_named(name: str, context: Context) -> Facet | None:
    """What an address calls so; None for nothing this reader may know of."""
    prefix, dot, _rest = name.partition(".")
    if dot:
        offered = _PROVIDERS[prefix]() if prefix in _PROVIDERS else ()
        return next((facet for facet in offered if facet.name == name), None)
    if name == "completeness" and not sees_what_completeness_tells(context):
        return None
    item = CUSTOMER_FIELDS.get(name)
    return Facet.of_field(item) if item else _OWN.get(name)


def facets(context: Context) -> list[Facet]:
    """All that this reader may find customers by, in the order of the form."""
    names = [*CUSTOMER_FIELDS, *_OWN]
    found = [facet for name in names if (facet := facet_named(name, context))]
    for provider in _PROVIDERS.values():
        found += provider()
    return [facet for facet in found if facet.operators and facet.allows(context)]


def quick_fields(context: Context) -> list[Field]:
    """The fields that the short form of conditions asks for."""
    return [item for item in CUSTOMER_FIELDS.values() if item.is_filter and item.allows(Use.FILTER, context)]


def sorts(context: Context) -> dict[str, Field]:
    """What this reader may have the list sorted by."""
    others = (name for name, item in CUSTOMER_FIELDS.items() if item.sort and name not in SORTED_FIRST)
    found = {name: CUSTOMER_FIELDS[name] for name in (*SORTED_FIRST, *others)}
    return {name: item for name, item in found.items() if item.allows(Use.SORT, context)}


_OWN = {
    "created_by": Facet("created_by", _("录入人"), UserKind(), "created_by_id", FOLLOW_UP),
    "collaborator": Facet(
        "collaborator", _("协作人"), UserKind(), "user_id", FOLLOW_UP,
        rows=lambda context: Collaborator.objects.present(context.today), link="customer",
    ),
}  # fmt: skip
