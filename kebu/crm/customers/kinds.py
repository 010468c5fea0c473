"""Kinds only customers have."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.fields.formats import Moment
from kebu.base.fields.kinds import Choice
from kebu.base.kit.errors import Unreadable
from kebu.crm.customers.models import newly_assigned


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


class Assigned(Moment):
    """When a customer was given to its owner; as a filter also: newly, and nothing has happened since."""

    UNTOUCHED = "untouched"
    RELATIVE: ClassVar[dict[str, str]] = {
        UNTOUCHED: _("新分配，还没跟进"),
        **{name: Moment.RELATIVE[name] for name in ("today", "last7", "last30", "last90", "empty")},
    }

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        days = [text for text in texts if text != self.UNTOUCHED]
        found = super().condition(column, days, context)
        return found | newly_assigned(context.today) if len(days) < len(texts) else found
