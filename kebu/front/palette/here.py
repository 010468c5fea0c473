"""What can be done to the customer before the user: on his page, or in the panel beside a list."""

from collections.abc import Iterator

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import may
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.customers.queries import may_share
from kebu.crm.tagging.marking import TAGS
from kebu.front.palette.hits import Hit
from kebu.front.palette.matching import NOT, Pieces, cut, fit
from kebu.office.staff.models import User

CHOICES = {"stage": "stairs-up", "customer_type": "building", "grade": "star", "value_tier": "star"}
MOST = 9
LONGEST = 200


def number_at(path: str) -> str:
    """The number of the customer to whom a page belongs, "" when it is another page."""
    try:
        return str(resolve(path[:LONGEST]).kwargs.get("number", ""))
    except Resolver404:
        return ""


def customer_at(user: User, path: str) -> Customer | None:
    """The customer of the page, if the user sees it."""
    number = number_at(path) if path.startswith("/") else ""
    return Customer.objects.visible_to(user).filter(number=number).first() if number else None


class Here:
    """The actions on one customer for one user."""

    def __init__(self, user: User, customer: Customer, context: Context) -> None:
        self.user, self.customer, self.context = user, customer, context

    def hits(self, query: str) -> list[Hit]:
        """Those that fit the query, the best first; without one the usual ones."""
        if not query:
            return [*self._usual()][:MOST]
        found = [(fit(hit.name.before, hit.reason, query), hit) for hit in (*self._usual(), *self._choices())]
        best = sorted((pair for pair in found if pair[0] < NOT), key=lambda pair: pair[0])
        return [self._marked(hit, query, rank) for rank, hit in best[:MOST]]

    @staticmethod
    def _marked(hit: Hit, query: str, rank: int) -> Hit:
        return Hit(
            cut(hit.name.before, query), hit.does, hit.url, icon=hit.icon, key=hit.key,
            values=hit.values, into=hit.into, fit=rank,
        )  # fmt: skip

    def _may(self, permission: Permission, *, by_share: bool = True) -> bool:
        return may(self.user, permission, self.customer, by_share=by_share)

    def _usual(self) -> Iterator[Hit]:
        """Writing, editing, giving away; ``reason`` holds what else people say for it."""
        customer, number = self.customer, self.customer.number
        if self._may(Permission.INTERACTION_CREATE) and not customer.is_archived:
            log = f"{reverse('interactions:create')}?customer={number}"
            yield _action(_("记跟进"), "sheet", log, "pencil-plus", "电话 拜访", key="f")
        if self._may(Permission.PLAN_CREATE) and not customer.is_archived:
            plan = f"{reverse('followups:create')}?customer={number}"
            yield _action(_("新建计划"), "sheet", plan, "calendar-plus", "任务 下次跟进 安排", key="p")
        if self._may(Permission.CUSTOMER_EDIT):
            yield _action(_("编辑资料"), "sheet", reverse("profile:edit", args=[number]), "pencil", "修改")
            if TAGS.allows(Use.EDIT, self.context):
                yield self._asked(_("打标签"), "tagging:taggings", "tags", "加标签 去掉标签", into="#sheet")
        if self._may(Permission.CUSTOMER_ASSIGN):
            yield self._asked(_("分配"), "customers:assignment", "user-share", "转交 负责人")
        if may_share(self.user, customer):
            yield self._asked(_("加协作人"), "customers:collaborators", "users", "共享 协作")
        if customer.phone and CUSTOMER_FIELDS["phone"].allows(Use.READ, self.context):
            tel = customer.phone.replace(";ext=", ",")
            yield _action(_("打电话"), "href", f"tel:{tel}", "phone", "拨号 电话")
        yield _action(
            _("操作历史"), "href", reverse("audit:history", args=[number]), "history", "日志 谁改的"
        )
        yield from self._parting()

    def _parting(self) -> Iterator[Hit]:
        number = self.customer.number
        if self._may(Permission.CUSTOMER_ARCHIVE, by_share=False):
            if self.customer.is_archived:
                yield _action(
                    _("恢复"), "post", reverse("customers:restoral", args=[number]), "restore", "归档"
                )
            else:
                yield _action(
                    _("归档"), "post", reverse("customers:archival", args=[number]), "archive", "收起"
                )
        if self._may(Permission.CUSTOMER_DELETE, by_share=False):
            yield _action(_("删除"), "ask", reverse("recycling:deletion", args=[number]), "trash", "回收站")

    def _asked(self, label: str, url_name: str, icon: str, words: str, *, into: str = "#dialog") -> Hit:
        """A verb over a selection, which is this customer; its dialog asks first."""
        values: dict[str, str | int] = {"ids": self.customer.pk, "step": "ask"}
        return Hit(
            Pieces(label), "post", reverse(url_name), icon=icon, reason=words, values=values, into=into
        )

    def _choices(self) -> Iterator[Hit]:
        """One action for each value of the fields people change most."""
        if not self._may(Permission.CUSTOMER_EDIT):
            return
        for name, icon in CHOICES.items():
            item = CUSTOMER_FIELDS[name]
            if not item.allows(Use.EDIT, self.context):
                continue
            for value, label in item.kind.choices(self.context):
                if value != item.value(self.customer):
                    words = _("%(field)s改为%(value)s") % {"field": item.label, "value": label}
                    values: dict[str, str | int] = {name: value, "version": self.customer.version}
                    url = reverse("profile:field", args=[self.customer.number, name])
                    yield Hit(Pieces(words), "post", url, icon=icon, reason=str(label), values=values)


def _action(label: str, does: str, url: str, icon: str, words: str, *, key: str = "") -> Hit:
    return Hit(Pieces(label), does, url, icon=icon, reason=words, key=key)
