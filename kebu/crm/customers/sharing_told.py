"""Who was let into customers of others is told so."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.journal.authors import Author
from kebu.crm.customers.models import Customer
from kebu.office.notices.actions import notify
from kebu.office.notices.kinds import Kind

SHARED = Kind(
    "customers.shared",
    gettext_lazy("请我协作"),
    gettext_lazy("客户"),
    gettext_lazy("别人让我看他的客户，或一起跟"),
)
LIST = "/customers/?view=shared"


def tell_shared(ids: Collection[int], user_id: int, *, by: Author, at: datetime) -> None:
    """Tell of a batch once, however many customers and chunks it has; of one customer by its name."""
    if not ids or user_id == by.user_id:
        return
    told: dict[str, Any] = {"kind": SHARED.code, "key": f"share:{by.batch}", "at": at}
    customer = Customer.objects.filter(pk__in=ids).first() if len(ids) == 1 else None
    if customer is None:
        notify([user_id], title=_("%(who)s请你一起跟进一批客户") % {"who": by.name}, url=LIST, **told)
        return
    title = _("%(who)s请你一起跟进%(name)s") % {"who": by.name, "name": customer.name}
    notify([user_id], title=title, url=customer.get_absolute_url(), about=("customer", customer.pk), **told)
