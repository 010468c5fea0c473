"""Numbers as people write them: thousands separators, 万 and 亿, capped counts."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from kebu.base.kit.money import format_amount

WAN = Decimal(10_000)
MINUS = "\N{MINUS SIGN}"


def number(value: object) -> Decimal | None:
    """Read a number; None for what is none."""
    if value is None or value == "":
        return None
    try:
        read = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return read if read.is_finite() else None


def yuan(value: object) -> str:
    """Write an amount in full: 860,000 or 860,000.50."""
    amount = number(value)
    if amount is None:
        return ""
    places = 0 if amount == amount.to_integral_value() else 2
    return signed(f"{amount:,.{places}f}")


def wan(value: object) -> str:
    """Write an amount in 万元 with one decimal, for columns whose head names the unit."""
    amount = number(value)
    if amount is None:
        return ""
    return signed(f"{(amount / WAN).quantize(Decimal('0.1'), ROUND_HALF_UP):,}")


def money(value: object) -> str:
    """Write an amount as in a sentence: 5,000元, 86万, 1.2亿."""
    amount = number(value)
    if amount is None:
        return ""
    return signed(format_amount(amount))


def capped(value: object, cap: int) -> str:
    """Write a count, cut at ``cap``: 99+."""
    count = number(value)
    if count is None:
        return ""
    return f"{cap:,}+" if count > cap else f"{int(count):,}"


def signed(text: str) -> str:
    """Use the real minus sign, which lines up with the figures."""
    return text.replace("-", MINUS)
