"""Times of day behind a day: 下午3点半, 上午, 15:30, 三点一刻."""

import datetime as dt
import re

from kebu.base.kit.chinese_numbers import digits_for_words

PART = "凌晨|清晨|一早|早上|早晨|上午|中午|午后|下午|傍晚|晚上|夜里|早|晚"
_HOUR = r"\d{1,2}|十[一二]?|二十[一二三]?|[一二两三四五六七八九]"
CLOCK = re.compile(
    rf"(?:的|\s)*(?P<part>{PART})?\s*"
    rf"(?:(?P<hour>{_HOUR})(?:[点时](?!间)钟?(?:(?P<half>半)|(?P<quarter>[一三1３3])刻|(?P<minute>\d{{1,2}}|[二三四五]?十[五]?)分?|整)?"
    r"|[:：](?P<digits>[0-5]\d)))?"
)
USUAL = {
    "凌晨": 1, "清晨": 8, "一早": 9, "早上": 9, "早晨": 9, "早": 9, "上午": 10, "中午": 12, "午后": 14, "下午": 15,
    "傍晚": 18, "晚上": 19, "夜里": 21, "晚": 19,
}  # fmt: skip
LATE = {"午后", "下午", "傍晚", "晚上", "夜里", "晚"}


def read_clock(text: str, place: int, part: str = "") -> tuple[dt.time | None, int]:
    """The time that stands at a place of the text, and where it ends; ``part`` is what the day said (明早)."""
    match = CLOCK.match(text, place)
    if match is None or not (match["part"] or match["hour"]):
        return (_usual(part), place)
    if not match["hour"] and match["part"] in ("早", "晚") and not part:
        return None, place  # 早 and 晚 alone begin other words
    part = match["part"] or part
    if not match["hour"]:
        return _usual(part), match.end()
    hour = _hour(int(digits_for_words(match["hour"])), part)
    minute = _minute(match)
    if hour > 23 or minute > 59:
        return _usual(part), place
    return dt.time(hour, minute), match.end()


def _usual(part: str) -> dt.time | None:
    return dt.time(USUAL[part]) if part else None


def _hour(hour: int, part: str) -> int:
    """What the clock shows: without a part of the day 1 to 6 o'clock are in the afternoon."""
    if part in LATE and hour < 12:
        return hour + 12
    if part == "中午":
        return hour + 12 if hour < 4 else hour
    return hour + 12 if not part and 1 <= hour <= 6 else hour


def _minute(match: re.Match[str]) -> int:
    if match["half"]:
        return 30
    if match["quarter"]:
        return 45 if match["quarter"] in "三3３" else 15
    return int(digits_for_words(match["minute"] or match["digits"] or "0"))
