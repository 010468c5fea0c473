"""The tree of the customer: every model with a path to it stands here, or a test fails."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.base.journal.authors import Author
from kebu.crm.recycling.registry import Branch, Memory, Tree, plant
from kebu.office.staff.models import User


def _let_back_in(records: Sequence[models.Model], memory: Memory, by: Author, at: datetime) -> None:
    """Who had a share in a customer has it again, though he counted as having none meanwhile."""
    keys = [one.pk for one in records]
    idle = User.objects.filter(is_collaborator=False, collaborations__customer__in=keys)
    User.objects.filter(pk__in=list(idle.values_list("pk", flat=True))).update(is_collaborator=True)


CUSTOMER = plant(
    Tree(
        kind="customer",
        label=_("客户"),
        icon="building",
        model="customers.Customer",
        permission=Permission.CUSTOMER_DELETE,
        customer="id",
        title="name",
        branches=(
            Branch("files.Exhibit", "dispute__customer_id", "", ("path", "thumbnail")),
            Branch("disputes.Dispute", "customer_id", _("撞单")),
            Branch("disputes.Sighting", "customer_id"),
            Branch("consents.Consent", "customer_id", _("同意")),
            Branch("customers.CustomerChoice", "customer_id"),
            Branch("tagging.AutoTag", "customer_id"),
            Branch("lifecycle.TypeTurn", "customer_id"),
            Branch("customers.Collaborator", "customer_id", _("协作人")),
            Branch("files.File", "customer_id", _("附件"), ("path", "thumbnail")),
            Branch("churn.ChurnWarning", "customer_id", _("流失预警")),
            Branch("cadence.Turn", "customer_id"),
            Branch("pool.PoolEntry", "customer_id"),
            Branch("pool.PoolWarning", "customer_id"),
            Branch("purchases.Rise", "customer_id"),
            Branch("purchases.Purchase", "customer_id", _("采购记录")),
            Branch("key_dates.KeyDate", "customer_id", _("重要日子")),
            Branch("visits.Stop", "plan__customer_id"),
            Branch("followups.PlanExecutor", "plan__customer_id"),
            Branch("followups.Postponement", "plan__customer_id"),
            Branch("followups.Plan", "customer_id", _("跟进计划")),
            Branch("changes.Proposal", "customer_id"),
            Branch("changes.ImportantChange", "customer_id", _("重要变更")),
            Branch("promises.Promise", "customer_id", _("承诺")),
            Branch("interactions.Interaction", "customer_id", _("跟进记录")),
            Branch("contacts.Contact", "customer_id", _("联系人")),
        ),
        links=(("meetings.Point", "customer_id"),),
        come=_let_back_in,
    )
)
