"""Values inside a JSON column under names like f12_n: the key f12, read as a number (n) or as text (t)."""

import re
from decimal import Decimal
from typing import Any

PART = re.compile(r"^(f\d{1,9})_([nt])$")


def key_and_letter(name: str) -> tuple[str, str] | None:
    """f12_n is f12 and n; None for any other name."""
    found = PART.match(name)
    return (found[1], found[2]) if found else None


def part_value(values: dict[str, Any], name: str) -> Any:
    """The value of that name, None without one."""
    found = key_and_letter(name)
    value = values.get(found[0]) if found else None
    return Decimal(str(value)) if value is not None and found and found[1] == "n" else value
