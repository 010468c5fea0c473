"""What customers are found by of what happened with them."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import In, LessThanOrEqual
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.choices import Operator
from kebu.base.fields.days import Moment
from kebu.base.fields.directories import Context
from kebu.base.fields.formats import Count as Number
from kebu.base.fields.kinds import Choice
from kebu.base.fields.meanings import any_of
from kebu.base.filters.facets import Facet
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.spans import Span, read_span
from kebu.crm.interactions.choices import Method
from kebu.crm.interactions.fields import INTERACTION_FIELDS
from kebu.crm.interactions.models import Interaction, InteractionQuerySet
from kebu.office.staff.fields import UserKind

SHOWN = (
    "method",
    "happened_at",
    "summary",
    "feedback",
    "objections",
    "our_promise",
    "our_promise_on",
    "their_promise",
    "their_promise_on",
    "is_deep",
    "status",
)


class Frequency(Number):
    """How often something happened in a stretch of days: 3/last30; without the stretch, ever."""

    operators: ClassVar[tuple[Operator, ...]] = (Operator.ABOVE, Operator.BELOW)
    phrases = {Operator.ABOVE: gettext_lazy("{}以上"), Operator.BELOW: gettext_lazy("{}以下")}
    control = "frequency"
    WAYS = tuple(way for way in Moment.WAYS if not way.startswith("next"))

    def affirmed(self, operator: Operator, path: str, texts: Sequence[str], context: Context) -> Q:
        return any_of(self._often(operator, path, text, context) for text in texts)

    def _often(self, operator: Operator, path: str, text: str, context: Context) -> Q:
        number, span = self.pair(text, context)
        happened = Moment().inside(path, *span.days(context.today)) if span else Q()
        rows = Interaction.objects.filter(happened)
        if operator is Operator.ABOVE:
            often = _counted(rows).filter(n__gte=number).values("customer")
            return Q(pk__in=often) if number > 0 else Q(pk__isnull=False)
        mine = _counted(rows.filter(customer=OuterRef("pk"))).values("n")
        return Q(LessThanOrEqual(Coalesce(Subquery(mine), 0), number))

    def pair(self, text: str, context: Context) -> tuple[int, Span | None]:
        """The number and the stretch of a text."""
        number, mark, stretch = text.partition("/")
        span = read_span(stretch) if mark else None
        if mark and (span is None or span.is_state):
            raise Unreadable(_("认不出这段时间，请写成 近30天、本季度 这样"))
        return self.parse(number, context), span

    def told(self, operator: Operator, texts: Sequence[str], context: Context) -> str:
        words = []
        for text in texts:
            number, span = self.pair(text, context)
            words.append(_("%(span)s%(n)d次") % {"span": span.words if span else "", "n": number})
        return "、".join(words)


def _counted(rows: InteractionQuerySet) -> Any:
    return rows.order_by().values("customer").annotate(n=Count("pk"))


class LastMethod(Choice):
    """How one spoke to the customer the last time."""

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        wanted = [self.parse(text, context) for text in texts]
        return Q(In(_last(), wanted))

    def blank(self, path: str) -> Q:
        return Q(last_contact_at__isnull=True)


def _last() -> Coalesce:
    """The method of the last interaction, an empty text where there is none: that is unlike any other."""
    rows = Interaction.objects.filter(customer=OuterRef("pk")).order_by("-happened_at", "-pk")
    return Coalesce(Subquery(rows.values("method")[:1]), Value(""))


def interaction_facets() -> Iterator[Facet]:
    """How often, how at last, and what any of them holds."""
    section = _("跟进记录")
    yield Facet("interaction.count", _("跟进次数"), Frequency(), "happened_at", section, can_be_empty=False)
    last = LastMethod(Method)
    yield Facet("interaction.last_method", _("最后跟进方式"), last, "pk", section)
    for name in SHOWN:
        item = INTERACTION_FIELDS[name]
        label = _("任一次%(label)s") % {"label": item.label}
        yield Facet(
            f"interaction.{name}", label, item.kind, item.path, section, (item,),
            rows=_all, link="customer", words=" ".join(item.synonyms),
        )  # fmt: skip
    author = _("任一次记录人")
    yield Facet("interaction.author", author, UserKind(), "author_id", section, rows=_all, link="customer")


def _all(_context: Context) -> InteractionQuerySet:
    """They are seen by whoever sees the customer, and the list shows nobody else's."""
    return Interaction.objects.all()
