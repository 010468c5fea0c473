"""How reminders speak: times, keys, addresses."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from kebu.base.kit.dates import SHANGHAI
from kebu.office.notices.readers import READERS

MIDNIGHT = (0, 0)


def when(moment: datetime) -> str:
    """A moment in words that stay true; a day without a time shows none."""
    local = moment.astimezone(SHANGHAI)
    day = _("%(month)d月%(day)d日") % {"month": local.month, "day": local.day}
    return day if (local.hour, local.minute) == MIDNIGHT else f"{day}{local:%H:%M}"


def stamp(moment: datetime) -> str:
    """A moment as keys hold it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def customer_url(number: str) -> str:
    """The page of a customer; as text, for a worker has not read all addresses, which takes seconds."""
    return f"/customers/{number}/"


def plan_url(pk: int) -> str:
    """The page of a plan."""
    return f"/plans/{pk}/"


def about_plan(pk: int, customer_id: int | None) -> tuple[str, int] | None:
    """What a reminder of a plan is about, for who may see it."""
    if "plan" in READERS:
        return ("plan", pk)
    return ("customer", customer_id) if customer_id else None
