"""Kinds only customers have."""

from collections.abc import Callable
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.fields.kinds import Choice
from kebu.base.kit.errors import Unreadable


class SizeBand(Choice):
    """A size band, chosen or read from a figure people write (约300人, 1.2亿)."""

    def __init__(self, enum: type[TextChoices], reader: Callable[[str], str]) -> None:
        super().__init__(enum)
        self.reader = reader

    def parse(self, text: str, context: Context) -> Any:
        try:
            return super().parse(text, context)
        except Unreadable as refusal:
            try:
                return self.enum(self.reader(text)).value
            except ValueError:
                labels = "、".join(str(label) for label in self.enum.labels)
                raise Unreadable(
                    _("认不出规模“%(text)s”，可选：%(labels)s") % {"text": text[:20], "labels": labels}
                ) from refusal
