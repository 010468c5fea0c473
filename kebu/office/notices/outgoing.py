"""What pages show of the ways out: where they lead, how the last message went, what has not arrived."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Max

from kebu.office.notices.choices import State, Way
from kebu.office.notices.kinds import KINDS, Text
from kebu.office.notices.models import Channel, Delivery
from kebu.office.notices.sealing import Unopened, unseal
from kebu.office.staff.models import User

TROUBLED = (State.UNCONFIRMED, State.DEAD, State.FAILED)
TONES = {State.SENT: "won", State.WAITING: "", State.SENDING: "info", State.DROPPED: ""}


def tone_of(state: str) -> str:
    """The kind of badge a state is shown by."""
    return TONES.get(State(state), "overdue" if state in (State.DEAD, State.UNCONFIRMED) else "today")


@dataclass(frozen=True, slots=True)
class Line:
    """One way out as the list shows it."""

    channel: Channel
    last: Delivery | None

    @property
    def place(self) -> str:
        """Where it leads, without what lets one in."""
        try:
            address = unseal(self.channel.address)
        except Unopened:
            return ""
        return address if self.channel.way == Way.EMAIL else urlsplit(address).hostname or ""

    @property
    def tone(self) -> str:
        """The badge of how the last message went."""
        return tone_of(self.last.state) if self.last else ""

    @property
    def kinds(self) -> list[Text]:
        """What goes there; what is between one and himself does not, though it was chosen once."""
        return [KINDS[code].label for code in self.channel.kinds if code in KINDS and KINDS[code].is_for_team]


def latest_of(rows: Iterable[Channel]) -> list[Line]:
    """The ways with their last delivery each, in two statements."""
    found = list(rows)
    mine = Delivery.objects.filter(channel__in=[row.pk for row in found])
    last = dict(mine.values_list("channel").annotate(last=Max("id")).values_list("channel", "last"))
    deliveries = Delivery.objects.in_bulk(last.values())
    return [Line(row, deliveries.get(last.get(row.pk, 0))) for row in found]


def counts() -> dict[str, int]:
    """How many deliveries stand where somebody should look."""
    rows = Delivery.objects.filter(state__in=TROUBLED).order_by()
    return {state.value: 0 for state in TROUBLED} | dict(
        rows.values_list("state").annotate(count=Count("id")).values_list("state", "count")
    )


def ways_open_to(user: User, rows: Iterable[Channel]) -> list[Way]:
    """The ways somebody can choose among: what he has set up, and his mailbox where mail is sent."""
    own = {row.way for row in rows}
    has_mail = bool(settings.KEBU_MAIL) and (Way.EMAIL in own or bool(user.email))
    return [way for way in Way if way is Way.POPUP or (has_mail if way is Way.EMAIL else way in own)]
