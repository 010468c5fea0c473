"""What the pages of disputes show, each reader his part of it."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import field_named
from kebu.base.kit.masks import HIDDEN
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.choices import Why
from kebu.crm.disputes.models import Dispute, DisputeQuerySet
from kebu.crm.disputes.queries import may_decide, sees, waiting_for
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User

PHONES = {Why.PHONE: "customer.phone", Why.CONTACT_PHONE: "contact.phone"}
TABS: tuple[tuple[str, Promise], ...] = (
    ("mine", _("我提出的")),
    ("about", _("涉及我的")),
    ("waiting", _("等我决定")),
    ("decided", _("已决定")),
)


def of_tab(tab: str, user: User) -> DisputeQuerySet:
    """The disputes of a tab, of those this user has to do with."""
    disputes = Dispute.objects.all()
    if tab == "about":
        return disputes.open().filter(owner=user)
    if tab == "waiting":
        return disputes.filter(pk__in=waiting_for(user))
    if tab == "decided":
        return disputes.settled_for(user)
    return disputes.filter(applicant=user)


@dataclass
class View:
    """One dispute as one reader sees it: the applicant learns nothing of a customer that stays hidden."""

    dispute: Dispute
    user: User
    context: Context

    def __getitem__(self, name: str) -> object:
        return getattr(self, name)

    @property
    def is_mine(self) -> bool:
        return self.dispute.applicant_id == self.user.pk

    @property
    def is_owner(self) -> bool:
        return self.dispute.owner_id == self.user.pk

    @property
    def tab(self) -> str:
        """The tab in which this reader finds it."""
        if self.is_mine:
            return "mine"
        if not self.dispute.is_open:
            return "decided"
        return "about" if self.is_owner else "waiting"

    @cached_property
    def may_decide(self) -> bool:
        return may_decide(self.user, self.dispute)

    @property
    def may_answer(self) -> bool:
        return self.is_owner and self.dispute.is_open and self.customer is not None

    @cached_property
    def customer(self) -> Customer | None:
        """The customer, for who sees it now."""
        return self.dispute.customer if sees(self.user, self.dispute.customer) else None

    @property
    def title(self) -> str:
        """What stands for the customer: its name for who sees it, else what the applicant typed."""
        if self.customer is not None:
            return self.customer.name
        return self.dispute.typed if self.is_mine else self.dispute.customer.number

    @property
    def typed(self) -> str:
        """What the applicant typed: for others a number that fits is a value of the customer's, so the rule
        for phones counts."""
        is_value = self.dispute.why in PHONES and any(map(str.isdigit, self.dispute.typed))
        is_open = all(field_named(key).allows(Use.READ, self.context) for key in PHONES.values())
        return HIDDEN if is_value and not self.is_mine and not is_open else self.dispute.typed

    @property
    def first_contact(self) -> str:
        """When the owner's side met the customer, for who may read it."""
        customer = self.customer
        return CUSTOMER_FIELDS["first_contact_on"].text(customer, self.context) if customer else ""

    @property
    def applicant_name(self) -> str:
        return self._name(self.dispute.applicant_id)

    @property
    def owner_name(self) -> str:
        """Whose it was; the applicant learns it if he was told so when he typed."""
        if self.is_mine and not self.dispute.is_named and self.customer is None:
            return str(_("同事"))
        return self._name(self.dispute.owner_id) or str(_("公海"))

    @property
    def present_owner_name(self) -> str:
        return self._name(self.dispute.customer.owner_id) or str(_("公海"))

    @property
    def has_moved(self) -> bool:
        """Given to somebody else since it was asked for."""
        return self.dispute.is_open and self.dispute.customer.owner_id != self.dispute.owner_id

    @property
    def creator_name(self) -> str:
        return self._name(self.dispute.customer.created_by_id) or str(_("系统"))

    @property
    def decider_name(self) -> str:
        return self._name(self.dispute.decided_by_id)

    def _name(self, user_id: int | None) -> str:
        return self.context.directory(STAFF).name(user_id)
