"""Fields that point at a user."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context, Entry, directory_loader
from kebu.base.fields.kinds import Choices, Reference
from kebu.base.kit.errors import Unreadable
from kebu.office.staff.models import User

STAFF = "staff"


@directory_loader(STAFF)
def _staff() -> Iterable[Entry]:
    for user in User.objects.order_by("id"):
        yield Entry(user.pk, user.name, (user.username,), user.is_active)


class UserKind(Reference):
    """A member of staff, by name or sign-in name. Only owners the context allows are offered."""

    def __init__(self) -> None:
        super().__init__(STAFF)

    def parse(self, text: str, context: Context) -> Any:
        key = super().parse(text, context)
        if context.owner_ids is not None and key not in context.owner_ids:
            raise Unreadable(_("“%(text)s”不在你能分配的范围里") % {"text": str(text)[:20]})
        return key

    def choices(self, context: Context) -> Choices:
        allowed = context.owner_ids
        return [(key, name) for key, name in super().choices(context) if allowed is None or key in allowed]

    def condition(self, column: str, texts: Any, context: Context) -> Q:
        return Q(**{f"{column}__in": [self.parse(text, context) for text in texts]})
