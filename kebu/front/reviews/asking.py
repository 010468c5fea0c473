"""What a review is asked for: of which period, of whose customers; and the addresses that ask the same."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer
from kebu.base.fields.directories import Context
from kebu.base.ui.navigation import address
from kebu.front.desk.reach import Reach
from kebu.front.reviews.periods import Period, named
from kebu.front.reviews.whose import whose
from kebu.office.staff.queries import signed_in


class Asked:
    """The address as it is read: ``?on=`` is 2026-11 or 2026-Q4, else the present month; another is not
    found."""

    def __init__(self, request: HttpRequest) -> None:
        self.user = signed_in(request)
        self.context = Context(reader=self.user)
        period = named(request.GET.get("on", ""), self.context.today)
        if period is None:
            raise Http404
        self.period: Period = period
        self.whose = whose(self.user, self.context, request.GET.dict())

    @property
    def seen(self) -> Viewer:
        """Who looks at customers as this review does."""
        return self.whose.seen

    @property
    def may_export(self) -> bool:
        """Whether the reader may take all of it out of the house: “导出客户” reaches as far as it does."""
        allowed, seen = (
            self.user.owner_ids(Permission.CUSTOMER_EXPORT), self.seen.owner_ids(Permission.CUSTOMER_VIEW)
        )  # fmt: skip
        return allowed is None or (bool(allowed) and seen is not None and seen <= allowed)

    def leave_shared(self) -> bool:
        """Look from now on without customers that are only shared with the reader, which no export holds;
        whether there are any."""
        shared = self.seen.shared_ids(Permission.CUSTOMER_VIEW)
        if shared:
            owners = self.seen.owner_ids(Permission.CUSTOMER_VIEW)
            self.whose = replace(self.whose, seen=Reach(self.user.pk, owners, frozenset()))
        return bool(shared)

    def url(self, name: str, period: Period | None = None, **more: object) -> str:
        """A page of this room about the same, or about another period."""
        told = {"on": (period or self.period).code, **self.whose.query, **more}
        return f"{address(name)}?{urlencode(told)}"

    def list(self, kind: str) -> str:
        """The list behind a figure: new, won, lost."""
        return self.url("reviews:customers", turned=kind)
