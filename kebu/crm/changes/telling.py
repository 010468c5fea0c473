"""Telling whoever works with a customer of contacts and important changes, himself excepted."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.journal.authors import Author
from kebu.base.kit.dates import local_day
from kebu.crm.changes.choices import Sort
from kebu.crm.changes.models import ImportantChange
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.followers import LOGGED
from kebu.crm.interactions.models import Interaction
from kebu.office.notices.actions import notify
from kebu.office.notices.kinds import Kind
from kebu.office.staff.models import User

GROUP = gettext_lazy("我的客户和我协作的客户")
TALK = Kind(
    "customer.talk",
    gettext_lazy("别人记了跟进"),
    GROUP,
    gettext_lazy("你负责或协作的客户，同事联系过了；一个客户一天只说一次"),
    is_for_team=True,
)
CHANGE = Kind(
    "customer.change",
    gettext_lazy("重要变更"),
    GROUP,
    gettext_lazy("公司架构、决策人、需求有变化，同事记下来了"),
    is_for_team=True,
)


def working_with(customer: Customer, but: int | None, at: datetime) -> list[int]:
    """The owner and the collaborators of the day who are at work."""
    shares = customer.collaborators.present(local_day(at)).values_list("user_id", flat=True)
    keys = {key for key in (*shares, customer.owner_id) if key is not None and key != but}
    if not keys:
        return []
    return list(User.objects.filter(pk__in=keys, is_active=True).order_by("pk").values_list("pk", flat=True))


def tell_of_talk(interaction: Interaction, names: frozenset[str], by: Author, at: datetime) -> None:
    """Who works with the customer learns that it was spoken to, once a day whatever else follows."""
    if LOGGED not in names or interaction.created_at != at:  # what comes back from the bin is no news
        return
    customer = interaction.customer
    notify(
        working_with(customer, by.user_id, at),
        kind=TALK.code,
        key=f"talk:{customer.pk}:{local_day(at).isoformat()}",
        title=_("%(customer)s：%(who)s记了跟进") % {"customer": customer.name, "who": by.name},
        text=interaction.summary[:200],
        url=customer.get_absolute_url(),
        about=("customer", customer.pk),
        at=at,
    )


def tell_of_change(change: ImportantChange, by: Author, at: datetime) -> None:
    """Each important change is told."""
    customer = change.customer
    told = {"customer": customer.name, "sort": Sort(change.sort).label}
    notify(
        working_with(customer, by.user_id, at),
        kind=CHANGE.code,
        key=f"change:{change.pk}",
        title=_("%(customer)s：%(sort)s") % told,
        text=change.content[:200],
        url=customer.get_absolute_url(),
        about=("customer", customer.pk),
        at=at,
    )
