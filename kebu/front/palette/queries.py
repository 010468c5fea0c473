"""What the command box answers: to a query, and before anything is typed."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context
from kebu.base.kit.text import tidy
from kebu.crm.customers.models import Customer
from kebu.front.palette import pages, records
from kebu.front.palette.here import Here, customer_at, number_at
from kebu.front.palette.hits import Group, Hit, ranked
from kebu.front.palette.matching import ELSEWHERE, NOT, Pieces
from kebu.office.staff.models import User

LONGEST = 60
MOST_RECENT = 6
COMMANDS, PEOPLE = (">", "》"), ("@",)


class Answer:
    """The groups for one request of one user."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        self.request = request
        self.user = user
        self.context = Context(reader=user)
        typed = request.GET.get("q", "").strip()[:LONGEST]
        self.mode = tidy(typed[:1])
        is_mode = self.mode in (*COMMANDS, *PEOPLE)
        self.query = tidy(typed[1:] if is_mode else typed)
        self.mode = self.mode if is_mode else ""
        self.can_look = user.can(Permission.CUSTOMER_VIEW)

    @property
    def groups(self) -> list[Group]:
        """The groups in the order shown."""
        if not self.query and not self.mode:
            return [group for group in (self._here(), *self._recent(), self._usual()) if group.hits]
        found = [self._here()] if self.mode not in PEOPLE else []
        if self.can_look and self.mode not in COMMANDS and self.query:
            found = [*self._records(), *found]
        if self.mode not in PEOPLE:
            found += self._pages()
        return [*ranked(found), *self._new(found)]

    def _here(self) -> Group:
        """What can be done to the customer whose page is open."""
        customer = customer_at(self.user, self.request.GET.get("at", "")) if self.can_look else None
        if customer is None:
            return Group("", [])
        hits = Here(self.user, customer, self.context).hits(self.query)
        return Group(_("对“%(name)s”") % {"name": customer.name}, hits)

    def _records(self) -> list[Group]:
        customers = records.found(self.user, self.query)
        people = Group(_("联系人"), records.contact_hits(customers, self.query, self.context))
        if self.mode in PEOPLE:
            return [people]
        return [Group(_("客户"), records.customer_hits(customers, self.query, self.context)), people]

    def _pages(self) -> list[Group]:
        begun = pages.actions(self.user)
        known = {page.url for page in begun}
        offered = (
            (_("操作"), begun),
            (_("页面"), [page for page in pages.pages(self.request, self.user) if page.url not in known]),
            (_("客户视图"), pages.views(self.user, self.context)),
        )
        if not self.query:
            return [Group(label, [page.hit() for page in some]) for label, some in offered]
        return [Group(label, pages.fitting(some, self.query)) for label, some in offered]

    def _new(self, found: list[Group]) -> list[Group]:
        """A customer of that name, when none of ours is called so and it reads like a name."""
        is_name = len(self.query) > 1 and not self.query.isascii()
        is_known = any(group.fit < NOT for group in found)
        if self.mode or not is_name or is_known or not self.user.can(Permission.CUSTOMER_CREATE):
            return []
        label = Pieces(_("新建客户“%(name)s”") % {"name": self.query})
        url = f"{reverse('customers:create')}?{urlencode({'name': self.query})}"
        return [Group(_("新建"), [Hit(label, "sheet", url, icon="plus", fit=ELSEWHERE)])]

    def _usual(self) -> Group:
        """What one needs every day."""
        return Group(_("操作"), [page.hit() for page in pages.actions(self.user)])

    def _recent(self) -> list[Group]:
        """What was open last, as far as the user may still open it; else whom he planned for next."""
        hits = self._opened(self.request.GET.get("recent", "").split(",")[: 2 * MOST_RECENT])
        if hits:
            return [Group(_("最近打开"), hits[:MOST_RECENT])]
        return [Group(_("接下来跟进"), records.next_up(self.user, self.context))] if self.can_look else []

    def _opened(self, paths: list[str]) -> list[Hit]:
        """The pages of these addresses in their order; names are read anew, none comes from the browser."""
        numbers = {path: number for path in paths if path.startswith("/") and (number := number_at(path))}
        seen = Customer.objects.visible_to(self.user).filter(number__in=numbers.values())
        known = {customer.number: customer for customer in seen} if numbers and self.can_look else {}
        others = {page.url: page for page in pages.pages(self.request, self.user)} if paths != [""] else {}
        hits: list[Hit] = []
        for path in dict.fromkeys(paths):
            if customer := known.get(numbers.get(path, "")):
                hits.append(records.customer_hit(customer, "", self.context))
            elif page := others.get(path):
                hits.append(page.hit())
        return hits
