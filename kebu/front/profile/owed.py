"""What both sides still owe each other, among what one remembers before a call."""

from django.utils.translation import gettext as _

from kebu.crm.promises.choices import Side
from kebu.crm.promises.queries import PromiseBook
from kebu.front.profile.birthdays import Reminder

MOST = 2  # of each side


def owed(book: PromiseBook) -> list[Reminder]:
    """The open promises that are due first, ours before theirs; kept ones are no news."""
    labels = {Side.OURS: _("我们答应的"), Side.THEIRS: _("对方答应的")}
    return [
        Reminder(label, one.text, one.due_on, is_due=True)
        for side, label in labels.items()
        for one in [one for one in book.open if one.side == side][:MOST]
    ]
