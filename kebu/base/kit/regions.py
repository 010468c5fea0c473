"""Provinces, cities and districts of China (GB/T 2260): names, codes and what lies in what.

Level 1 is a province, 2 a city, 3 a district or county. A municipality is its own city (上海市-上海市, code
310100); a county directly under its province (仙桃市) stands at level 2.
"""

from functools import lru_cache

from kebu.base.kit.region_table import Region, table
from kebu.base.kit.regions_parse import RegionMatch, parse_region

__all__ = [
    "Region", "RegionMatch", "children", "city_code", "display", "macro_region", "parse_region",
    "prefix_range", "province_code", "region", "short_display",
]  # fmt: skip

_MACRO_REGIONS = {
    "华北": ("11", "12", "13", "14", "15"),
    "东北": ("21", "22", "23"),
    "华东": ("31", "32", "33", "34", "35", "36", "37"),
    "华中": ("41", "42", "43"),
    "华南": ("44", "45", "46"),
    "西南": ("50", "51", "52", "53", "54"),
    "西北": ("61", "62", "63", "64", "65"),
    "港澳台": ("71", "81", "82"),
}
MACRO_REGIONS: tuple[str, ...] = tuple(_MACRO_REGIONS)
_MACRO_BY_PREFIX = {prefix: name for name, prefixes in _MACRO_REGIONS.items() for prefix in prefixes}


def region(code: str) -> Region | None:
    """The region of this code, None if there is none."""
    return table().by_code.get(code)


def children(code: str | None = None) -> tuple[Region, ...]:
    """Regions directly below; of None the provinces."""
    return table().children.get(code, ())


def province_code(code: str) -> str:
    """Code of the province in which the region lies (320583: 320000)."""
    return code[:2] + "0000"


def city_code(code: str) -> str | None:
    """Code of the city in which the region lies (320583: 320500), None for a province."""
    found = region(code)
    if found is None or found.level == 1:
        return None
    return found.code if found.level == 2 else found.parent


def macro_region(code: str) -> str:
    """华东, 华南 … of a region; empty for an unknown one."""
    return _MACRO_BY_PREFIX.get(code[:2], "")


def macro_ranges(name: str) -> tuple[tuple[str, str], ...]:
    """Half-open code ranges that together make up 华东, 华南 …"""
    return tuple((prefix + "0000", f"{int(prefix) + 1}0000") for prefix in _MACRO_REGIONS.get(name, ()))


def _path(code: str) -> list[Region]:
    found, path = region(code), []
    while found is not None:
        path.append(found)
        found = region(found.parent) if found.parent else None
    return path[::-1]


@lru_cache(maxsize=8192)
def display(code: str) -> str:
    """江苏省-苏州市, 上海市-上海市, 江苏省-苏州市-昆山市; empty for an unknown code."""
    return "-".join(part.name for part in _path(code))


@lru_cache(maxsize=8192)
def short_display(code: str) -> str:
    """江苏苏州, 上海, 江苏苏州昆山: short names, a municipality once."""
    names = [part.short for part in _path(code)]
    return "".join(dict.fromkeys(names[:2])) + "".join(names[2:])


def prefix_range(code: str) -> tuple[str, str]:
    """Half-open range [low, high) of the codes of a region and everything below it."""
    found = region(code)
    if found is not None and found.level == 2 and found.is_municipality:
        code = province_code(code)
    if code.endswith("0000"):
        step = 10000
    elif code.endswith("00"):
        step = 100
    else:
        step = 1
    return code, f"{int(code) + step:06d}"
