"""Days in running text: the patterns, and which day each of them means."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from kebu.base.kit.chinese_numbers import digits_for_words
from kebu.base.kit.dates import parse_date
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.months import months_later
from kebu.base.kit.sentences.festivals import told_by_festival

DAY = dt.timedelta(days=1)
N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"


@dataclass(frozen=True, slots=True)
class Told:
    """The day meant; ``before`` is the one meant if it has gone by (周五 may be the last or the next one).

    ``part`` of the day may be said along (明早); a ``vague`` stretch gone by (上周) is no day at all; ``limit``
    says that the words mean until then.
    """

    day: dt.date
    before: dt.date | None = None
    part: str = ""
    is_vague: bool = False
    is_limit: bool = False
    minutes: int | None = None


Reader = Callable[[re.Match[str], dt.date], Told | None]
NAMED = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "昨": -1, "今天": 0, "今日": 0, "今儿": 0, "今": 0,
    "当天": 0, "明天": 1, "明日": 1, "明儿": 1, "明": 1, "次日": 1, "第二天": 1, "隔天": 1, "后天": 2, "后儿": 2,
    "大后天": 3, "过两天": 2, "过几天": 3, "过些天": 5, "过阵子": 14, "过一阵": 14, "过段时间": 14,
}  # fmt: skip
YEARS = {"去年": -1, "今年": 0, "明年": 1, "后年": 2, "": 0}
PLACES = {"底": 31, "末": 31, "初": 1, "上旬": 5, "中旬": 15, "中": 15, "下旬": 25, "份": 1, "": 1}


def _number(text: str) -> int:
    return int(digits_for_words(text))


def _day(year: int, month: int, day: int) -> dt.date | None:
    """The day, the last of the month where it is shorter; None when no calendar has it."""
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1900 <= year <= 2100):
        return None
    return months_later(dt.date(year, month, 1), 0, day)


def _full(match: re.Match[str], today: dt.date) -> Told | None:
    day = _day(int(match[1]), int(match[2]), int(match[3]))
    return Told(day) if day else None


def _in_month(match: re.Match[str], today: dt.date) -> Told | None:
    """3月15日, 明年3月, 十二月底, 11/25: the next such day, or the last."""
    year, month = match["year"] or "", _number(match["month"])
    number, place = match["day"], match.groupdict().get("place") or ""
    last = _number(number) if number else PLACES[place]
    found = _day(today.year + YEARS[year], month, last)
    if found is None:
        return None
    if year:
        return Told(found)
    ahead = found if found >= today else _day(today.year + 1, month, last)
    behind = found if found <= today else _day(today.year - 1, month, last)
    return Told(ahead or found, behind)


def _named(match: re.Match[str], today: dt.date) -> Told | None:
    return Told(today + NAMED[match["name"] or match["brief"]] * DAY, part=match["when"] or "")


def _weekday(match: re.Match[str], today: dt.date) -> Told | None:
    week, name = match["week"] or "", match["weekday"]
    monday = today - today.weekday() * DAY
    place = {"末": 5, "天": 6, "日": 6}.get(name)
    place = "一二三四五六".find(name) if place is None and not name.isdigit() else place
    if place is None:
        place = int(name) - 1
    away = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}.get(week)
    if away is not None:
        return Told(monday + (7 * away + place) * DAY)
    day = monday + place * DAY
    return Told(day if day > today else day + 7 * DAY, day if day <= today else day - 7 * DAY)


def _week(match: re.Match[str], today: dt.date) -> Told | None:
    """下周, 下周初, 本周内."""
    monday = today - today.weekday() * DAY
    away = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}[match["week"]]
    end = match["end"] or ""
    if away < 0:
        return Told(monday + 7 * away * DAY, is_vague=True)
    if end.endswith("内") or (away == 0 and not end):
        friday = monday + (7 * away + 4) * DAY
        return Told(max(friday, today), is_limit=end.endswith("内"), is_vague=not end)
    return Told(monday + (7 * away + {"初": 0, "中": 2}.get(end, 0)) * DAY)


def _distance(match: re.Match[str], today: dt.date) -> Told | None:
    """3天后, 两周内, 半个月以后, 过一个月, 3天前."""
    words, unit, side = match["n"], match["unit"], match["side"] or ""
    half = words == "半"
    number = 0 if half else _number(words)
    if unit in ("小时", "钟头", "分钟"):
        return _minutes(
            30 if half and unit != "分钟" else number * (1 if unit == "分钟" else 60), side, today
        )
    if not side and not match["after"]:
        return None
    sign = -1 if side.endswith("前") else 1
    if unit in ("天", "日"):
        day = today + sign * number * DAY
    elif unit == "工作日":
        day = _workdays(today, number)
    elif unit in ("周", "星期", "礼拜"):
        day = today + sign * 7 * number * DAY
    elif half:
        day = today + sign * 15 * DAY if unit == "月" else months_later(today, sign * 6, today.day)
    else:
        size = {"月": 1, "季度": 3, "年": 12}[unit]
        day = months_later(today, sign * size * number, today.day)
    return Told(
        day, is_limit=side.endswith("内"), is_vague=sign < 0 and unit not in ("天", "日", "周", "星期")
    )


def _minutes(count: int, side: str, today: dt.date) -> Told | None:
    if side.endswith("内") and count >= 24 * 60:
        return Told(today + count // (24 * 60) * DAY, is_limit=True)
    if not side:
        return None
    return Told(today, minutes=-count if side.endswith("前") else count, is_limit=side.endswith("内"))


def _workdays(day: dt.date, count: int) -> dt.date:
    while count:
        day += DAY
        count -= day.weekday() < 5
    return day


def _month(match: re.Match[str], today: dt.date) -> Told | None:
    """月底, 下个月初, 下月5号, 这个月内, 上个月."""
    away = {"上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "下下": 2}.get(match["which"] or "本", 0)
    end, number = match["end"] or "", match["day"]
    if number:
        return Told(months_later(today, away, _number(number)))
    if away < 0 and not end:
        return Told(months_later(today, away, 1), is_vague=True)
    if end.endswith("内") or (away == 0 and not end):
        return Told(months_later(today, away, 31), is_limit=bool(end), is_vague=not end)
    place = PLACES[end]
    found = months_later(today, away, place)
    if not match["which"] and found < today:  # 月初, said in the middle of the month
        return Told(months_later(today, 1, place), found)
    return Told(found)


def _of_month(match: re.Match[str], today: dt.date) -> Told | None:
    """15号: the next such day, or the last."""
    found = []
    for prefer in ("future", "past"):
        try:
            found.append(parse_date(f"{_number(match['day'])}号", today, prefer))
        except Unreadable:
            return None
    return Told(found[0], found[1])


def _year(match: re.Match[str], today: dt.date) -> Told | None:
    """年底, 明年初, 明年."""
    year, end = today.year + YEARS[match["year"] or ""], match["end"] or ""
    month, day = {"底": (12, 31), "末": (12, 31), "初": (1, 5), "中": (6, 30), "": (1, 1)}[end[-1:]]
    found = dt.date(year, month, day)
    return Told(found if found >= today or match["year"] else dt.date(year + 1, month, day))


def _quarter(match: re.Match[str], today: dt.date) -> Told | None:
    first = (today.month - 1) // 3
    name, end = (match["quarter"] or match["q"] or "").removesuffix("个"), match["end"] or ""
    if name in ("一", "二", "三", "四", "1", "2", "3", "4"):
        away = (_number(name) - 1 - first) % 4
    else:
        away = {"上": -1, "本": 0, "这": 0, "下": 1, "": 0}[name or ""]
    if away < 0:
        return None
    begin = months_later(today.replace(day=1), first * 3 - (today.month - 1) + away * 3, 1)
    if end in ("末", "底", "内") or away == 0:
        return Told(months_later(begin, 2, 31), is_limit=end == "内", is_vague=away == 0 and not end)
    return Told(begin)


def _festival(match: re.Match[str], today: dt.date) -> Told | None:
    name = match["festival"] or match["past"] or match["bare"]
    side = "前" if "前" in (match["side"] or "") else "后" if match["side"] or match["past"] else ""
    day = told_by_festival(name, side, today)
    return Told(day, is_limit=side == "前") if day else None


def _later(match: re.Match[str], today: dt.date) -> Told | None:
    return Told(today, is_limit=True)


_FESTIVALS = "国庆|五一|元旦|春节|清明|端午|中秋|十一(?=节|长假|假|前|后|过|回)|劳动(?=节)"
PATTERNS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})[日号]?", _full),
        (
            (
                r"(?P<year>去年|今年|明年)?(?<![\d一二三四五六七八九十])(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月"
                r"(?:(?P<day>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]?(?![个万])"
                r"|(?P<place>底|末|初|上旬|中旬|下旬|中(?!标)|份)|(?=之?前|以前|以?后|再|联系|启动|开|去|过|上|给|签|来|回访|拜访))"
            ),
            _in_month,
        ),
        (
            r"(?P<year>)(?<![\d./-])(?P<month>1[0-2]|0?[1-9])[/-](?P<day>3[01]|[12]\d|0?[1-9])(?![\d./%万wWkK元折个天周月到至-])",
            _in_month,
        ),
        (
            (
                r"(?P<year>)(?<![\d.])(?P<month>1[0-2]|0?[1-9])\.(?P<day>3[01]|[12]\d|0?[1-9])"
                r"(?=[号日]|之?前|以前|以?后|[上下中]午|晚上|再|去|见|发|给|回|签|来|拜访|约|交|到|开)[号日]?"
            ),
            _in_month,
        ),
        (
            (
                r"(?<!提)(?P<name>大前天|大后天|前天|昨天|昨日|昨儿|今天|今日|今儿|当天|明天|明日|明儿|次日|第二天|隔天"
                r"|(?<!以)(?<!之)(?<!天)后天|后儿|过两天|过几天|过些天|过阵子|过一阵|过段时间)(?P<part>)|(?P<brief>[昨今明])(?P<when>早|晚)上?(?![餐饭])"
            ),
            _named,
        ),
        (
            r"(?P<week>上上|下下|上|本|这|(?<!一)下)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末](?![年])|[1-7](?!\d|[个天万]))",
            _weekday,
        ),
        (r"(?P<week>上上|下下|上|本|这|(?<!一)下)个?(?:周|星期|礼拜)(?P<end>初|中|之?内|以内)?", _week),
        (
            (
                rf"(?P<after>再?过|等|隔)?(?<!第)(?<!用了)(?<!做了)(?P<n>{N}|半)个?"
                r"(?P<unit>工作日|小时|钟头|分钟|天|日|周|星期|礼拜|月|季度|年)(?P<side>之内|以内|内(?!部)|之后|以后|后(?!续|面)|之前|以前|前(?!景|台))?"
            ),
            _distance,
        ),
        (
            rf"(?P<which>下下|上|本|这|当|下)个?月(?:(?P<day>{N})[号日]|(?P<end>底|末|初|中旬|上旬|下旬|中(?!标)|之?内|以内))?",
            _month,
        ),
        (
            r"(?P<which>)(?<![\d一二三四五六七八九十])月(?:(?P<end>底|末|初|中旬|中(?!标)|内)|(?P<day>(?!)))",
            _month,
        ),
        (
            r"(?<![\d月第./])(?P<day>3[01]|[12]\d|[1-9]|二?十[一二三四五六七八九]?|三十一?)[号日](?![线楼店机厂门院库仓车会馆员码码内志常])",
            _of_month,
        ),
        (r"(?P<year>去年|今年|明年)?(?P<end>年(?:底|末|初|中))(?!会)", _year),
        (r"(?P<year>今年|明年)(?P<end>底|末|初|中)", _year),
        (r"(?P<year>明年)(?P<end>)(?=$|[，,。；;\s]|[再才谈看考上做开续签启找来去])", _year),
        (
            r"(?:第?(?P<quarter>[一二三四1-4]|下个?|本|这个?)季度|Q(?P<q>[1-4])|(?<![一二三四下本这个])季度(?=末|底))(?P<end>末|底|初|内)?",
            _quarter,
        ),
        (
            (
                rf"(?:(?P<festival>{_FESTIVALS}|(?<![\d一二三四五六七八九十两几半今去明前后当])年(?=[前后])|(?<![季时环情细调])节(?=之?前|[以之]?后)|假期|长假)(?:节|假期|长假|放假|假)?"
                rf"(?P<side>之前|以前|前(?!夕)|之后|以后|过后|后|回来|结束)|(?:过完|过了)(?P<past>年|节|{_FESTIVALS}|国庆|十一|五一)节?"
                rf"|(?P<bare>元旦|春节|国庆|中秋|端午|清明|五一))(?:当天)?"
            ),
            _festival,
        ),
        (r"等会儿?|待会儿?|稍后|一会儿|晚点(?!钟)|晚些时候|回头", _later),
    )
)
