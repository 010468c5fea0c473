"""Numbers, money and yes or no, as the office's own fields keep them."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.choices import COMPARED, Operator
from kebu.base.fields.directories import Context
from kebu.base.fields.kinds import Choice, Kind
from kebu.base.kit import money
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import fold

LIMIT = Decimal(10) ** 13
STEP = Decimal("0.0001")
NUMBER = re.compile(r"[+-]?\d{1,40}(?:\.\d{0,40})?")


class Number(Kind):
    """A number to four decimals, with a unit where it has one; kept as a text to the last digit."""

    empty: ClassVar[Any] = None
    is_number = True
    letter = "n"
    operators = COMPARED
    input_mode = "decimal"
    max_length = 40

    def __init__(self, unit: str = "") -> None:
        self.unit = unit

    def parse(self, text: Any, context: Context) -> Decimal:
        plain = fold(str(text)).replace(",", "").replace("，", "").replace(" ", "")
        plain = plain.removesuffix(fold(self.unit)) if self.unit else plain
        if not NUMBER.fullmatch(plain):
            raise Unreadable(_("“%(text)s”不是数字，请写成1200或3.5这样") % {"text": str(text).strip()[:20]})
        return self.bounded(Decimal(plain))

    def bounded(self, value: Decimal) -> Decimal:
        """The number, if it is one that can be kept."""
        if abs(value) >= LIMIT:
            raise Unreadable(_("数字太大，最多13位"))
        if value != value.quantize(STEP):
            raise Unreadable(_("小数最多4位"))
        return canonical(value)

    def show(self, value: Any, context: Context) -> str:
        return "" if value is None else f"{value:,f}{self.unit}"

    def edit_text(self, value: Any, context: Context) -> str:
        return "" if value is None else f"{canonical(Decimal(value)):f}"

    def cell(self, value: Any, context: Context) -> Any:
        return value

    def to_json(self, value: Any, context: Context) -> Any:
        return self.keep(value)

    def from_json(self, value: Any) -> Any:
        return self.kept(value)

    def keep(self, value: Any) -> Any:
        return None if value is None else f"{value:f}"

    def kept(self, value: Any) -> Any:
        try:
            return None if value is None else canonical(Decimal(str(value)))
        except InvalidOperation:
            return None

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        return Q(**{f"{column}__in": [self.parse(text, context) for text in texts]})


class Money(Number):
    """An amount in what the house counts in; 5万 and 1.2亿 are read."""

    def __init__(self) -> None:
        super().__init__()

    def parse(self, text: Any, context: Context) -> Decimal:
        return self.bounded(money.parse_amount(str(text)))

    def show(self, value: Any, context: Context) -> str:
        return "" if value is None else f"{canonical(value):,f}{money.currency()}"


class Answer(TextChoices):
    """The two answers."""

    YES = "yes", gettext_lazy("是")
    NO = "no", gettext_lazy("否")


class YesNo(Choice):
    """Yes, no, or not known."""

    def __init__(self) -> None:
        super().__init__(Answer, dict.fromkeys(YES, Answer.YES.value) | dict.fromkeys(NO, Answer.NO.value))


class Flag(YesNo):
    """Yes or no; what nobody ticked is no. The value is a bool."""

    empty: ClassVar[Any] = False
    operators: ClassVar[tuple[Operator, ...]] = (Operator.IS,)

    def parse(self, text: Any, context: Context) -> Any:
        return text if isinstance(text, bool) else super().parse(text, context) == Answer.YES

    def show(self, value: Any, context: Context) -> str:
        return str(Answer.YES.label) if value else ""

    def edit_text(self, value: Any, context: Context) -> str:
        return self.show(value, context)

    def widget(self, context: Context) -> forms.Widget:
        return forms.CheckboxInput()

    def ranks(self, context: Context) -> tuple[Any, ...]:
        return ()

    def describe(self, texts: Sequence[str], context: Context) -> str:
        return "、".join(str(Answer(super(Flag, self).parse(text, context)).label) for text in texts)


YES = ("有", "对", "y", "true", "1", "√", "✓", "已", "需要")
NO = ("无", "没有", "不是", "n", "false", "0", "×", "✗", "未", "不需要")


def canonical(value: Decimal) -> Decimal:
    """The same number in its shortest writing: 12.50 is 12.5, 100 stays 100."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral() else short
