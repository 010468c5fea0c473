"""Key dates in the calendar: contracts that end, purchases that come again, care that is due."""

from collections.abc import Iterator
from datetime import date, time

from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import demand, get_visible
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import whole_number
from kebu.base.records.actions import EditConflict
from kebu.base.ui.navigation import address
from kebu.crm.key_dates.actions import move_to
from kebu.crm.key_dates.choices import Repeat, label_beside
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.key_dates.queries import Falling, falling_between
from kebu.front.calendar.events import LATEST, Event, Moved, Whose
from kebu.office.staff.models import User

CODE = "key_date"


def key_dates(whose: Whose, first: date, last: date) -> Iterator[Event]:
    """Each open day, and every time it comes again; the next one can be moved."""
    seen = KeyDate.objects.visible_to(whose.reader).open().live()
    falling = seen.filter(customer__owner__in=whose.owner_ids, next_on__lte=last)
    rows = falling.exclude(repeat=Repeat.ONCE, next_on__lt=first).select_related("customer")
    editable = whose.reader.owner_ids(Permission.CUSTOMER_EDIT)
    for one in falling_between(rows.order_by("next_on", "id")[: whose.most], first, last):
        can_move = one.is_next and (editable is None or one.row.customer.owner_id in editable)
        yield _event(one, whose, can_move=can_move)


def _event(one: Falling, whose: Whose, *, can_move: bool) -> Event:
    row, customer = one.row, one.row.customer
    key = str(row.pk) if one.is_next else f"{row.pk}-{one.on.isoformat()}"
    url = address("profile:customer", customer.number)
    title = "：".join(filter(None, (label_beside(row.sort, row.name), row.name)))
    note = whose.named(customer.owner_id, customer.name)
    version = row.version if can_move else None
    return Event(
        CODE, key, one.on, title, url, row.icon, None, note, customer.number, customer.grade, version
    )


def key_date_to_move(user: User, key: str) -> KeyDate:
    """The key date that the user may move."""
    pk = whole_number(key)
    row = get_visible(
        KeyDate.objects.open().live().select_related("customer"), user, pk=-1 if pk is None else pk
    )
    demand(user, Permission.CUSTOMER_EDIT, row.customer)
    return row


def move_key_date(user: User, key: str, version: int, on: date, clock: time | None, by: Author) -> Moved:
    """Put it on that day; a day has no time of day."""
    row, context = key_date_to_move(user, key), Context(reader=user)
    if on > context.today + LATEST:
        raise Unreadable(_("最多改到两年以后"))
    stood_on = row.next_on
    if not move_to(row, on, version=version, by=by, at=timezone.now()):
        raise EditConflict(row, [], {})
    return Moved(row.name, on, {"to": stood_on.isoformat(), "clock": "00:00", "version": str(row.version)})
