"""Kinds with a format of their own: phones, addresses of all sorts, money. They wrap the functions of kit;
those of days stand in days."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import F, Q
from django.db.models.functions import Substr
from django.db.models.lookups import Contains
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.choices import CHOSEN, Operator
from kebu.base.fields.directories import Context
from kebu.base.fields.kinds import Kind, Text
from kebu.base.fields.meanings import any_of, read_ends, readable_part
from kebu.base.kit import credit_code, emails, links, money, phones, regions
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.masks import mask_email
from kebu.base.kit.text import tidy
from kebu.base.ui.finders import suggesting

HOME, EXTENSION = "+86", ";ext="
HIGHEST_COUNT = 2_000_000_000


class Phone(Kind):
    """A phone number, kept as E.164 with an optional ``;ext=`` (D8)."""

    phrases = {Operator.ENDS: gettext_lazy("尾号是{}")}
    input_type = "tel"
    input_mode = "tel"
    max_length = 40

    def parse(self, text: str, context: Context) -> str:
        return phones.parse_phone(str(text))

    def show(self, value: Any, context: Context) -> str:
        return phones.format_phone(value) if value else ""

    def cell(self, value: Any, context: Context) -> str:
        """As other programs take it: 13812345678, 0512-62850917转123; foreign ones as they are shown."""
        shown = self.show(value, context)
        return shown.replace(" ", "") if value.startswith(HOME) else shown

    def mask(self, value: Any) -> str:
        return phones.mask_phone(value)

    def part(self, text: str) -> str:
        digits = "".join(sign for sign in tidy(text) if sign.isascii() and sign.isdigit())
        return readable_part(digits)

    def affirmed(self, operator: Operator, path: str, texts: Sequence[str], context: Context) -> Q:
        """Pieces are looked for in the number as people dial it, without +86 and extension."""
        if operator is Operator.IS:
            return self.condition(path, texts, context)
        return any_of(_in_number(operator, path, self.part(text)) for text in texts)


def _in_number(operator: Operator, path: str, digits: str) -> Q:
    """Numbers in which the digits stand; who writes 0512 means what is kept as +86512."""
    home = Q(**{f"{path}__startswith": HOME})
    if operator is Operator.ENDS:
        extended = Q(**{f"{path}__contains": EXTENSION})
        last = Q(**{f"{path}__endswith": digits}) & ~extended
        return last | Q(**{f"{path}__contains": digits + EXTENSION})
    starts = Q(**{f"{path}__startswith": "+" + digits}) & ~home
    for bare in {digits, digits.removeprefix("0")} - {""}:
        starts |= Q(**{f"{path}__startswith": HOME + bare})
    if operator is Operator.STARTS:
        return starts
    inside = home & Q(Contains(Substr(F(path), len(HOME) + 1), digits))
    inside |= ~home & Q(**{f"{path}__contains": digits})
    return inside | starts if digits.startswith("0") else inside


class Email(Kind):
    """An e-mail address."""

    input_type = "email"
    max_length = 120

    def parse(self, text: str, context: Context) -> str:
        return emails.parse_email(text)

    def mask(self, value: Any) -> str:
        return mask_email(value)


class Link(Kind):
    """A web address, http or https."""

    input_mode = "url"

    def parse(self, text: str, context: Context) -> str:
        return links.parse_link(text)


class CreditCode(Text):
    """统一社会信用代码, 18 characters with check digit."""

    def parse(self, text: str, context: Context) -> str:
        return credit_code.parse_credit_code(text)


class AmountRange(Kind):
    """A range of money in two columns ``_min`` and ``_max``, 元 (X17). The value is money.AmountRange or
    None."""

    operators: ClassVar[tuple[Operator, ...]] = (
        Operator.ABOVE, Operator.BELOW, Operator.BETWEEN, Operator.IS, Operator.EMPTY, Operator.FILLED
    )  # fmt: skip
    phrases = {
        Operator.ABOVE: "{}",
        Operator.BELOW: "{}",
        Operator.BETWEEN: gettext_lazy("在{}之间"),
    }
    menus = {
        Operator.ABOVE: gettext_lazy("…以上"),
        Operator.BELOW: gettext_lazy("…以下"),
        Operator.BETWEEN: gettext_lazy("在…之间"),
        Operator.IS: gettext_lazy("和…有重合"),
    }
    suffixes = ("_min", "_max")
    empty: ClassVar[Any] = None
    is_number = True
    max_length = 60

    def parse(self, text: Any, context: Context) -> money.AmountRange:
        return money.parse_amount_range(str(text))

    def show(self, value: Any, context: Context) -> str:
        return money.format_amount_range(value) if value else ""

    def split(self, value: Any) -> tuple[Any, ...]:
        return (value.min, value.max) if value else (None, None)

    def join(self, parts: tuple[Any, ...]) -> Any:
        return None if parts[0] is None and parts[1] is None else money.AmountRange(*parts)

    def to_json(self, value: Any, context: Context) -> Any:
        return [None if part is None else str(part) for part in self.split(value)] if value else None

    def from_json(self, value: Any) -> Any:
        return (
            money.AmountRange(*(None if part is None else Decimal(part) for part in value)) if value else None
        )

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        """Records whose range reaches into the one asked for (预算10万以上: the stated upper end, X17)."""
        return any_of(_reaching(column, *_told(self.parse(text, context))) for text in texts)

    def affirmed(self, operator: Operator, path: str, texts: Sequence[str], context: Context) -> Q:
        if operator is Operator.IS:
            return self.condition(path, texts, context)
        stretches = (read_ends(operator, text, money.parse_amount) for text in texts)
        return any_of(_reaching(path, *stretch) for stretch in stretches)

    def blank(self, path: str) -> Q:
        return Q(**{f"{path}_min__isnull": True, f"{path}_max__isnull": True})

    def told(self, operator: Operator, texts: Sequence[str], context: Context) -> str:
        if operator in (Operator.EMPTY, Operator.FILLED, Operator.IS):
            return super().told(operator, texts, context)
        stretches = (read_ends(operator, text, money.parse_amount) for text in texts)
        return "、".join(money.format_amount_range(money.AmountRange(*stretch)) for stretch in stretches)


def _told(wanted: money.AmountRange) -> money.AmountRange:
    if wanted == (None, None):
        raise Unreadable(_("要写一个金额，如 10万以上、50-80万"))
    return wanted


def _reaching(column: str, low: Decimal | None, high: Decimal | None) -> Q:
    found = Q()
    if low is not None:
        found &= Q(**{f"{column}_max__gte": low}) | Q(
            **{f"{column}_max__isnull": True, f"{column}_min__isnull": False}
        )
    if high is not None:
        found &= Q(**{f"{column}_min__lte": high}) | Q(
            **{f"{column}_min__isnull": True, f"{column}_max__isnull": False}
        )
    return found


class Region(Kind):
    """省-市-区县 as one GB/T 2260 code, read from a free address (S2-20, X10)."""

    operators: ClassVar[tuple[Operator, ...]] = CHOSEN
    max_length = 120

    def parse(self, text: str, context: Context) -> str:
        if regions.region(str(text).strip()):
            return str(text).strip()
        match = regions.parse_region(str(text))
        if match.code:
            return match.code
        if match.candidates:
            names = "、".join(regions.display(code) for code in match.candidates[:4])
            raise Unreadable(
                _("有几个“%(text)s”，请写明是哪个：%(names)s") % {"text": str(text)[:20], "names": names}
            )
        raise Unreadable(_("认不出地区“%(text)s”，请写成 省-市，如 江苏省-苏州市") % {"text": str(text)[:20]})

    def show(self, value: Any, context: Context) -> str:
        """A municipality once: 北京市, 北京市-朝阳区."""
        return "-".join(dict.fromkeys(regions.display(value).split("-"))) if value else ""

    def widget(self, context: Context) -> forms.Widget:
        return suggesting(reverse("fields:regions"), {"maxlength": str(self.max_length)})

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        found = Q()
        for text in texts:
            low, high = regions.prefix_range(self.parse(text, context))
            found |= Q(**{f"{column}__gte": low, f"{column}__lt": high})
        return found


class Count(Kind):
    """A whole number kept by the house, never typed."""

    operators: ClassVar[tuple[Operator, ...]] = (
        Operator.ABOVE,
        Operator.BELOW,
        Operator.BETWEEN,
        Operator.IS,
        Operator.IS_NOT,
    )
    phrases = {Operator.ABOVE: gettext_lazy("不少于{}"), Operator.BELOW: gettext_lazy("不多于{}")}
    empty: ClassVar[Any] = 0
    is_number = True

    def parse(self, text: str, context: Context) -> int:
        try:
            value = int(str(text).strip())
        except ValueError as error:
            raise Unreadable(_("要填整数")) from error
        if abs(value) > HIGHEST_COUNT:
            raise Unreadable(_("这个整数太大了"))
        return value

    def show(self, value: Any, context: Context) -> str:
        return f"{value:,}" if value is not None else ""

    def cell(self, value: Any, context: Context) -> Any:
        return value
