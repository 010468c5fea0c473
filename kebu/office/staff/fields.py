"""Fields that point at a user."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context, Entry, directory_loader
from kebu.base.fields.kinds import Choices, Reference
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import tidy
from kebu.office.staff.models import User

STAFF = "staff"
ME = ("me", "我")


@directory_loader(STAFF)
def _staff() -> Iterable[Entry]:
    for user in User.objects.order_by("id"):
        apart = told_apart(user.name, user.username)
        yield Entry(user.pk, user.name, (apart,), user.is_active, code=user.username, is_person=True)


def told_apart(name: str, account: str) -> str:
    """A name of which there are several, as lists show it."""
    return f"{name}（{account}）"


class UserKind(Reference):
    """A member of staff, by name or sign-in name. Only owners the context allows are offered."""

    def __init__(self) -> None:
        super().__init__(STAFF)

    def parse(self, text: str, context: Context) -> Any:
        """Whoever may not be chosen is told of like somebody who does not exist."""
        allowed, told = context.owner_ids, {"text": tidy(str(text))[:20]}
        found = context.directory(STAFF).meant(str(text))
        if allowed is not None:
            found = tuple(key for key in found if key in allowed)
        if len(found) > 1:
            raise Unreadable(_("不止一个人叫“%(text)s”，请写账号") % told)
        if not found and allowed is not None:
            raise Unreadable(_("“%(text)s”不在你能分配的范围里，请从列表里选") % told)
        return found[0] if found else super().parse(text, context)

    def choices(self, context: Context) -> Choices:
        allowed, directory = context.owner_ids, context.directory(STAFF)
        return [
            (key, name if len(directory.meant(name)) < 2 else told_apart(name, directory.by_key[key].code))
            for key, name in super().choices(context)
            if allowed is None or key in allowed
        ]

    def condition(self, column: str, texts: Any, context: Context) -> Q:
        return Q(**{f"{column}__in": [self._meant(text, context) for text in texts]})

    def describe(self, texts: Any, context: Context) -> str:
        return "、".join(
            _("我") if text in ME else self.show(self.parse(text, context), context) for text in texts
        )

    def _meant(self, text: str, context: Context) -> Any:
        """The user of a filter's text; 我 is whoever reads."""
        if text in ME and context.reader is not None:
            return context.reader.pk
        return self.parse(text, context)
