"""Kinds only customers have."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.choices import Operator
from kebu.base.fields.days import Moment
from kebu.base.fields.directories import Context
from kebu.base.fields.formats import Count
from kebu.base.fields.kinds import Choice, Choices, Kind, MultiChoice
from kebu.base.fields.meanings import linked
from kebu.base.kit import regions
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.spans import Span
from kebu.crm.customers.models import CustomerChoice, newly_assigned
from kebu.office.tags.fields import TagsKind

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
    WAYS = ("next", "overdue", *(way for way in Moment.WAYS if way != "next"))


class Assigned(Moment):
    """When a customer was given to its owner; as a filter also: newly, and nothing has happened since."""

    UNTOUCHED = "untouched"
    OFFERED = (UNTOUCHED, "today", "last7", "last30", "last3m", "empty")

    def named(self, text: str) -> str:
        return _("新分配，还没跟进") if text == self.UNTOUCHED else super().named(text)

    def asked(self, column: str, text: str, context: Context) -> Q:
        is_untouched = text == self.UNTOUCHED
        return newly_assigned(context.today) if is_untouched else super().asked(column, text, context)


class LastContact(Moment):
    """When a customer was last spoken to; who never was is quiet since he was entered."""

    OFFERED = ("today", "last7", "last30", "last3m", "quiet30", "empty")
    WAYS = ("last", "quiet", *Moment.WAYS[2:])

    def quiet(self, column: str, span: Span, context: Context) -> Q:
        since = span.days(context.today)
        return self.inside(column, *since) | self.blank(column) & self.inside("created_at", *since)


class MacroRegion(Kind):
    """大区: what the region's code tells, 华东 of 江苏省-苏州市 (X10). Chosen in filters, never typed."""

    operators = (Operator.IS, Operator.IS_NOT)

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

    operators = (*Count.operators, Operator.EMPTY, Operator.FILLED)
    empty: ClassVar[Any] = None
    input_mode = "numeric"
    max_length = 3

    def parse(self, text: str, context: Context) -> int:
        value = super().parse(str(text).strip().removesuffix("分"), context)
        if not 0 <= value <= HIGHEST_SCORE:
            raise Unreadable(_("要填0到100之间的整数"))
        return value


class Tags(TagsKind):
    """The tags of a customer, found by the rows that stand for them."""

    FIELD = "customer.tags"
    operators = MultiChoice.operators
    phrases: ClassVar[Mapping[Operator, Any]] = {
        **MultiChoice.phrases,
        Operator.EMPTY: gettext_lazy("没有打"),
        Operator.FILLED: gettext_lazy("打过"),
    }

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        """Any of the tags."""
        return self._having(value__in=self._texts(texts, context))

    def affirmed(self, operator: Operator, path: str, texts: Sequence[str], context: Context) -> Q:
        if operator is not Operator.ALL:
            return super().affirmed(operator, path, texts, context)
        found = Q()
        for key in self._keys(texts, context):
            found &= self._having(value=str(key))
        return found

    def denied(self, operator: Operator, path: str, texts: Sequence[str], context: Context) -> Q:
        if operator is not Operator.IS:
            return super().denied(operator, path, texts, context)
        return ~linked(self._rows(value__in=self._texts(texts, context)), "customer")

    def meaning(self, operator: Operator, path: str, texts: Sequence[str], context: Context) -> Q:
        if operator is Operator.FILLED:
            return self._having()
        return super().meaning(operator, path, texts, context)

    def describe(self, texts: Sequence[str], context: Context) -> str:
        return self.show(self._keys(texts, context), context)

    def _keys(self, texts: Sequence[str], context: Context) -> list[int]:
        """The tags asked for, of an exclusive group any number."""
        return sorted({self.read(text, context) for text in texts})

    def _texts(self, texts: Sequence[str], context: Context) -> list[str]:
        return [str(key) for key in self._keys(texts, context)]

    def _rows(self, **values: Any) -> QuerySet[CustomerChoice]:
        return CustomerChoice.objects.filter(field=self.FIELD, **values)

    def _having(self, **values: Any) -> Q:
        return Q(pk__in=self._rows(**values).values("customer_id"))
