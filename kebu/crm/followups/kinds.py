"""Kinds only plans have."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.fields.kinds import Reference
from kebu.base.kit.errors import Unreadable
from kebu.office.staff.fields import STAFF, UserKind

MOST = 10


class People(UserKind):
    """Members of staff, the responsible one first; those of other departments too."""

    empty: ClassVar[Any] = []

    def parse(self, text: str | Sequence[str], context: Context) -> Any:
        parts = text.replace("，", "、").split("、") if isinstance(text, str) else list(text)
        found = [Reference.parse(self, part, context) for part in parts if str(part).strip()]
        if len(found) > MOST:
            raise Unreadable(_("执行人最多%(most)d个") % {"most": MOST})
        return list(dict.fromkeys(found))

    def show(self, value: Any, context: Context) -> str:
        return "、".join(context.directory(STAFF).name(key) for key in value or ())

    def edit_text(self, value: Any, context: Context) -> Any:
        return list(map(str, value or ()))

    def to_json(self, value: Any, context: Context) -> Any:
        directory = context.directory(STAFF)
        return [{"key": key, "name": directory.name(key)} for key in value or ()]

    def from_json(self, value: Any) -> Any:
        return [item["key"] if isinstance(item, dict) else item for item in value or ()]

    def show_json(self, value: Any, context: Context) -> str:
        return "、".join(str(item["name"]) for item in value or () if isinstance(item, dict))
