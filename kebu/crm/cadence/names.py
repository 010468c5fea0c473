"""How often the name of a rule says it comes: 每周联系, 每两周, 每季度回访; most names say nothing of it."""

import re

from kebu.base.kit.chinese_numbers import digits_for_words
from kebu.crm.cadence.choices import Unit

SAID = re.compile(r"(?:每(?P<half>半)?|(?<![\d第]))(?P<count>\d*)个?(?P<unit>[天日周月年季]|星期|礼拜)")
DAYS = {"天": 1, "日": 1, "周": 7, "星": 7, "礼": 7, "月": 30.4, "季": 91, "年": 365}
UNITS = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 30.4}
NEAR = 0.2  # 每月 and every four weeks mean the same


def said_days(name: str) -> float | None:
    """How many days the name says lie between two contacts; None where it says nothing."""
    for match in SAID.finditer(digits_for_words(name)):
        if match["count"] or match[0].startswith("每"):
            count = 0.5 if match["half"] else int(match["count"] or 1)
            return count * DAYS[match["unit"][0]]
    return None


def contradicts(name: str, every: int, unit: str) -> bool:
    """Whether the name says another interval than the rule has."""
    said, wanted = said_days(name), every * UNITS[Unit(unit)]
    return said is not None and abs(said - wanted) > NEAR * wanted
