"""The tree of the customer: every model with a path to it stands here, or a test fails."""

from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.crm.recycling.registry import Branch, Tree, plant

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
            Branch("disputes.Dispute", "customer_id", _("撞单")),
            Branch("disputes.Sighting", "customer_id"),
            Branch("consents.Consent", "customer_id", _("同意")),
            Branch("customers.Collaborator", "customer_id", _("协作人")),
            Branch("files.File", "customer_id", _("附件"), ("path", "thumbnail")),
            Branch("interactions.Interaction", "customer_id", _("跟进记录")),
            Branch("contacts.Contact", "customer_id", _("联系人")),
        ),
    )
)
