"""Kinds only customers have."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.fields.formats import Count, Moment
from kebu.base.fields.kinds import Choice, Choices, Kind
from kebu.base.kit import regions
from kebu.base.kit.errors import Unreadable
from kebu.crm.customers.models import newly_assigned

HIGHEST_SCORE = 100


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


class Planned(Moment):
    """When something is to be done: filters ask what is due, late or not planned at all."""

    OFFERED = ("overdue", "today", "next7", "empty")


class Assigned(Moment):
    """When a customer was given to its owner; as a filter also: newly, and nothing has happened since."""

    UNTOUCHED = "untouched"
    RELATIVE: ClassVar[dict[str, str]] = {
        UNTOUCHED: _("新分配，还没跟进"),
        **{name: Moment.RELATIVE[name] for name in ("today", "last7", "last30", "last90", "empty")},
    }
    OFFERED = tuple(RELATIVE)

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        days = [text for text in texts if text != self.UNTOUCHED]
        found = super().condition(column, days, context)
        return found | newly_assigned(context.today) if len(days) < len(texts) else found


class MacroRegion(Kind):
    """大区: what the region's code tells, 华东 of 江苏省-苏州市 (X10). Chosen in filters, never typed."""

    def parse(self, text: str, context: Context) -> str:
        if text in regions.MACRO_REGIONS:
            return text
        names = "、".join(regions.MACRO_REGIONS)
        raise Unreadable(_("没有大区“%(text)s”，可选：%(names)s") % {"text": text[:20], "names": names})

    def show(self, value: Any, context: Context) -> str:
        return regions.macro_region(value) if value else ""

    def choices(self, context: Context) -> Choices:
        return [(name, name) for name in regions.MACRO_REGIONS]

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        found = Q()
        for text in texts:
            for low, high in regions.macro_ranges(self.parse(text, context)):
                found |= Q(**{f"{column}__gte": low, f"{column}__lt": high})
        return found

    def describe(self, texts: Sequence[str], context: Context) -> str:
        return "、".join(texts)


class Score(Count):
    """A figure from 0 to 100 that a person gives."""

    empty: ClassVar[Any] = None
    input_mode = "numeric"
    max_length = 3

    def parse(self, text: str, context: Context) -> int:
        value = super().parse(str(text).strip().removesuffix("分"), context)
        if not 0 <= value <= HIGHEST_SCORE:
            raise Unreadable(_("要填0到100之间的整数"))
        return value
