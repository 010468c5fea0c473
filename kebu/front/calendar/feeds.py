"""A person's calendar as iCalendar text (RFC 5545), for the calendar of his phone."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as Entry

from kebu.base.fields.directories import Context
from kebu.front.calendar.events import Event, Whose
from kebu.front.calendar.sources import SOURCES, events_between
from kebu.office.staff.models import User

BACK, AHEAD = timedelta(days=30), timedelta(days=180)
LASTS = timedelta(minutes=30)  # what is planned has a beginning; calendars want an end
AGAIN = "PT1H"
DAY = timedelta(days=1)


def feed_text(user: User, *, at: datetime, base: str) -> bytes:
    """What falls from a month ago to half a year ahead, as far as the person may see it now.

    ``base`` is the address of this installation without its slash at the end. Names of customers and what is
    to be done leave the house by it, phones never.
    """
    context = Context(reader=user)
    feed = Calendar()
    feed.add("prodid", "-//Kebu//CRM//ZH")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", _("客簿：%(name)s") % {"name": user.name})
    feed.add("x-wr-timezone", settings.TIME_ZONE)
    feed.add("x-published-ttl", AGAIN)
    labels = {source.code: str(source.label) for source in SOURCES}
    whose, today = Whose(user, (user.pk,), context), context.today
    for event in events_between(whose, today - BACK, today + AHEAD):
        feed.add_component(_entry(event, labels[event.source], at, base))
    text: bytes = feed.to_ical()
    return text


def _entry(event: Event, label: str, at: datetime, base: str) -> Entry:
    entry = Entry()
    entry.add("uid", f"{event.name}@{_installation()}")
    entry.add("dtstamp", at.astimezone(UTC))
    entry.add("summary", f"{label}{_('：')}{event.title}" if event.source != "birthday" else event.title)
    if event.at:
        entry.add("dtstart", event.at.astimezone(UTC))
        entry.add("dtend", event.at.astimezone(UTC) + LASTS)
    else:
        entry.add("dtstart", event.on)
        entry.add("dtend", event.on + DAY)
        entry.add("transp", "TRANSPARENT")
    if event.note:
        entry.add("description", event.note)
    entry.add("url", base + event.url)
    entry.add("categories", [label])
    return entry


def _installation() -> str:
    """What tells the entries of two installations apart, telling nothing of either."""
    return salted_hmac("kebu.front.calendar.uid", "installation").hexdigest()[:16] + ".kebu"
