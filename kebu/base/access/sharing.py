"""What a share in somebody else's customer allows: to look, or also to work on it (协作)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission


class Share(models.TextChoices):
    """What a collaborator of a customer may do there, the lesser first."""

    VIEW = "view", _("可查看")
    EDIT = "edit", _("可编辑")


# Both only with the permission itself; giving away, archiving, deleting and sharing on stay with the owner.
LOOKING = frozenset({"customer.view", "customer.reveal", "journal.view"})
WORKING = frozenset(
    {
        "customer.edit",
        "contact.create",
        "contact.edit",
        "interaction.create",
        "interaction.edit",
        "plan.create",
        "plan.edit",
        "file.add",
    }
)


def shares_for(permission: Permission) -> frozenset[Share]:
    """The shares that let a collaborator do it; none for what only the owner's side does."""
    if permission in LOOKING:
        return frozenset(Share)
    return frozenset({Share.EDIT}) if permission in WORKING else frozenset()


def owner_label(user_id: int | None) -> str:
    """The label in the text index of what is this user's own; of what is nobody's."""
    return f"o{user_id}" if user_id else "oz"


def share_label(user_id: int) -> str:
    """The label in the text index of what is shared with this user."""
    return f"c{user_id}"
