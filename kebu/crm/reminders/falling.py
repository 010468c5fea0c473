"""Soon to fall into the pool: owners are told once per stretch without a follow-up."""

from collections import defaultdict

from django.utils.translation import gettext as _

from kebu.crm.pool.models import PoolWarning
from kebu.crm.pool.rules import Falling, Rulebook, falling, rulebook
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.due import behind
from kebu.crm.reminders.rounds import FEW, Place, Span
from kebu.crm.reminders.words import customer_url
from kebu.office.notices.actions import Note


def falls(span: Span, after: Place, size: int) -> tuple[list[Note], Place]:
    """Warnings that came in the span and still hold, for the owners."""
    came = PoolWarning.objects.filter(warned_at__gt=span.since, warned_at__lte=span.until)
    rows = came.filter(behind("warned_at", after)).select_related("customer")
    warnings, book = list(rows.order_by("warned_at", "pk")[:size]), rulebook()
    owners: dict[int, list[Falling]] = defaultdict(list)
    for one in falling(warnings, book):
        owners[one.warning.owner_id].append(one)
    notes = [note for found in owners.values() for note in _notes(found, book)]
    place = (warnings[-1].warned_at, warnings[-1].pk) if len(warnings) == size else None
    return notes, place


def _notes(found: list[Falling], book: Rulebook) -> list[Note]:
    first = found[0]
    if len(found) <= FEW:
        return [_note(one, book) for one in found]
    told = {"count": len(found), "month": first.on.month, "day": first.on.day}
    title = _("有%(count)d个客户快掉入公海，最早的%(month)d月%(day)d日") % told
    key = f"pool-many:{first.warning.pk}"
    return [Note(first.warning.owner_id, Rule.POOL.value, key, title, "/", _("工作台上列着是哪些、为什么"))]


def _note(one: Falling, book: Rulebook) -> Note:
    customer = one.warning.customer
    told = {"name": customer.name, "month": one.on.month, "day": one.on.day}
    return Note(
        one.warning.owner_id,
        Rule.POOL.value,
        f"pool:{one.warning.pk}",
        _("客户%(name)s %(month)d月%(day)d日掉入公海") % told,
        customer_url(customer.number),
        _("%(why)s；记一条跟进就不掉") % {"why": book.foretelling(one.seen.grade)},
        ("customer", customer.pk),
    )
