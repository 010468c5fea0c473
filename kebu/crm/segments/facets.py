"""The condition «分群 是 …»: customers are found by the segments they are in."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, cast

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.choices import Operator
from kebu.base.fields.directories import Context
from kebu.base.fields.kinds import Choices, Kind
from kebu.base.filters.facets import Facet
from kebu.base.kit.errors import Unreadable
from kebu.crm.segments.models import Segment
from kebu.crm.segments.queries import is_open_to, remembered
from kebu.crm.segments.references import FACET, MOST_READINGS, leads_back, readings
from kebu.office.staff.models import User


class SegmentKind(Kind):
    """A segment, by its number or its name, of those its reader finds; the house itself finds all."""

    operators: ClassVar[tuple[Operator, ...]] = (Operator.IS, Operator.IS_NOT)
    empty: ClassVar[Any] = None

    def parse(self, text: str, context: Context) -> Any:
        """The number of the segment meant."""
        wanted = text.strip()
        found = [one for one in _open(context) if wanted in (str(one.pk), one.name)]
        if len(found) == 1:
            return found[0].pk
        told = {"text": wanted[:20]}
        if found:
            raise Unreadable(_("不止一个分群叫“%(text)s”，请从列表里选") % told)
        raise Unreadable(_("没有分群“%(text)s”，它已经删除，或者不再对你公开") % told)

    def show(self, value: Any, context: Context) -> str:
        found = remembered(context).segments.get(value)
        return found.name if found else ""

    def choices(self, context: Context) -> Choices:
        return [(one.pk, one.name) for one in _open(context)]

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        """Whoever is in any of them today, of those the reader sees."""
        segments, found = remembered(context).segments, Q()
        for text in texts:
            segment = segments[self.parse(text, context)]
            if leads_back(segment.pk, segment.query, segments):
                raise Unreadable(_("分群“%(name)s”绕了一圈又用到自己，请改它的条件") % {"name": segment.name})
            if readings(segment.query, segments) > MOST_READINGS:
                raise Unreadable(_("分群“%(name)s”里套的分群太多，请改它的条件") % {"name": segment.name})
            query = segment.asked_by(_reader(segment, context), context)
            if context.reader is None and query.search:  # what it finds depends on whose numbers are seen
                raise Unreadable(_("分群“%(name)s”带搜索词，规则不能用它") % {"name": segment.name})
            if query.problems:
                raise Unreadable(_("分群“%(name)s”用到你看不到的内容，没有列出客户") % {"name": segment.name})
            found |= Q(**{f"{column}__in": query.customers.values("pk")})
        return found


def _open(context: Context) -> list[Segment]:
    """The segments that the reader finds."""
    found = remembered(context).segments.values()
    reader = context.reader
    return [one for one in found if reader is None or is_open_to(cast("User", reader), one)]


def _reader(segment: Segment, context: Context) -> User:
    """Who asks; for the house itself the segment's owner does."""
    return User.objects.get(pk=segment.owner_id) if context.reader is None else cast("User", context.reader)


def segment_facets() -> Iterator[Facet]:
    """The one facet of this room."""
    yield Facet(
        FACET, gettext_lazy("客户分群"), SegmentKind(), "pk", gettext_lazy("分群"), can_be_empty=False
    )
