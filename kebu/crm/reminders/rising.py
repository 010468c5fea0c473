"""Customers who buy more: whoever works with one, and who leads its owner, is told once per rise."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from kebu.base.kit.dates import local_day
from kebu.crm.customers.models import Collaborator
from kebu.crm.purchases.models import Rise
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.due import behind
from kebu.crm.reminders.queries import active_users, supervisors
from kebu.crm.reminders.rounds import Place, Span
from kebu.crm.reminders.words import customer_url
from kebu.office.notices.actions import Note


def rises(span: Span, after: Place, size: int) -> tuple[list[Note], Place]:
    """Rises that were found, or hold again, in the span, and those that came with a customer to a new owner,
    as long as they tell of these days."""
    came = Q(updated_at__gt=span.since) | Q(customer__assigned_at__gt=span.since)
    found = Rise.objects.standing().live().filter(came, behind("updated_at", after))
    found = found.filter(updated_at__lte=span.until)
    rows = list(found.select_related("customer").order_by("updated_at", "pk")[:size])
    place = (rows[-1].updated_at, rows[-1].pk) if len(rows) == size else None
    today = local_day(span.until)
    fresh = [row for row in rows if (today - row.found_on).days < row.days]
    return list(_notes(fresh, today)), place


def _notes(rows: Sequence[Rise], today: date) -> Iterator[Note]:
    if not rows:
        return
    shares, leads, here = _shares(rows, today), supervisors(), active_users()
    for row in rows:
        owner = row.customer.owner_id
        people = {*shares[row.customer_id], owner, None if owner is None else leads.get(owner)}
        for user in sorted(one for one in people if one is not None and one in here):
            yield _note(row, user)


def _shares(rows: Iterable[Rise], today: date) -> dict[int, set[int]]:
    """Who besides the owners works with these customers on the day."""
    found: dict[int, set[int]] = defaultdict(set)
    shares = Collaborator.objects.present(today).filter(customer__in=[row.customer_id for row in rows])
    for customer, user in shares.values_list("customer_id", "user_id"):
        found[customer].add(user)
    return found


def _note(row: Rise, user: int) -> Note:
    """By how much more, with the figures, and what to do about it."""
    told = {"name": row.customer.name, "percent": row.percent}
    return Note(
        user,
        Rule.GROWTH.value,
        f"growth:{row.pk}:{user}",
        _("客户%(name)s的采购量增长超过%(percent)d%%") % told,
        customer_url(row.customer.number),
        _("%(sentence)s；问清楚用在哪里、接下来还要多少，趁势谈年度框架和备货") % {"sentence": row.sentence},
        ("customer", row.customer_id),
    )
