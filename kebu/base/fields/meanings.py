"""How operators become lookups, for kinds to build their filters from."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kebu.base.fields.choices import Operator
from kebu.base.kit.errors import Unreadable

LOOKUPS = {Operator.CONTAINS: "icontains", Operator.STARTS: "istartswith", Operator.ENDS: "iendswith"}
LONGEST_PART = 100


def any_of(parts: Iterable[Q]) -> Q:
    """The conditions joined by or."""
    found = Q()
    for part in parts:
        found |= part
    return found


def linked(rows: QuerySet[Any], link: str) -> Q:
    """Records to which one of these rows is linked, asked one by one: very many may have such."""
    return Q(Exists(rows.filter(**{link: OuterRef("pk")})))


def readable_part(text: str) -> str:
    """A piece of text to look for, as long as it is one."""
    if not text:
        raise Unreadable(_("还没有写要找的值"))
    if len(text) > LONGEST_PART:
        raise Unreadable(_("要找的文字太长，最多%(max)d个字") % {"max": LONGEST_PART})
    return text


def matched(operator: Operator, path: str, parts: Sequence[str]) -> Q:
    """Values that contain, begin with or end in one of the pieces."""
    return any_of(Q(**{f"{path}__{LOOKUPS[operator]}": part}) for part in parts)


def ends(operator: Operator, text: str) -> tuple[str, str]:
    """The lower and the upper end that a value of the operator tells, "" for an open one."""
    if operator is Operator.ABOVE:
        return text, ""
    if operator is Operator.BELOW:
        return "", text
    low, dots, high = (part.strip() for part in text.partition(".."))
    if not dots or not (low and high):
        raise Unreadable(_("要写两个值，从哪里到哪里"))
    return low, high


def compared(operator: Operator, path: str, texts: Sequence[str], read: Callable[[str], Any]) -> Q:
    """Values from one end to another, both included."""
    return any_of(between(path, *read_ends(operator, text, read)) for text in texts)


def read_ends(operator: Operator, text: str, read: Callable[[str], Any]) -> tuple[Any, Any]:
    """The ends as values, None for an open one."""
    low, high = (read(part) if part else None for part in ends(operator, text))
    if low is not None and high is not None and low > high:
        raise Unreadable(_("“%(text)s”的起点大于终点，请对调") % {"text": text.replace("..", "至")[:60]})
    return low, high


def between(path: str, low: Any, high: Any) -> Q:
    """Values that are not below ``low`` and not above ``high``; None is open."""
    found = Q()
    if low is not None:
        found &= Q(**{f"{path}__gte": low})
    if high is not None:
        found &= Q(**{f"{path}__lte": high})
    return found
