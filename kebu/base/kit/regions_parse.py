"""Finding the region at the head of a free address."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from kebu.base.kit.region_table import Region, table
from kebu.base.kit.text import fold

_GAP = re.compile(r"[\s\-—–_/,，、·.>|:：]*")
_HEAD = re.compile(
    r"^(?:\d{6}\s*)?(?:中华人民共和国|中国)?(?:(?:华东|华南|华北|华中|西南|西北|东北|港澳台)(?:地区|区|大区)?(?=[\s\-—–_/,，、·>|:：]|$))?"
)
_FILLER = re.compile("(?:市辖区|县辖区|省直辖县级行政区划|自治区直辖县级行政区划)")
# A short name before one of these is the name of a street or a building, not of the region.
_NO_REGION = re.compile(
    "[东西南北中]{0,2}(?:[路街道巷弄桥楼里村镇乡店]|大[道街厦桥楼]|广场|大学|花园|饭店|酒店)"
)
_OTHER_NAMES = {
    "内蒙": "150000", "崇文区": "110101", "宣武区": "110102", "卢湾区": "310101", "闸北区": "310106",
    "南汇区": "310115", "下城区": "330105", "江干区": "330102", "襄樊市": "420600", "思茅市": "530800",
}  # fmt: skip


class RegionMatch(NamedTuple):
    """`code` of the region found, or None and the `candidates` (codes) among which the text does not decide;
    `rest` is the address after the region."""

    code: str | None
    rest: str
    candidates: tuple[str, ...]


@lru_cache(maxsize=16384)
def parse_region(text: str) -> RegionMatch:
    """The region an address begins with, levels may be missing and names short: 苏州昆山科技路277号.

    A name that several regions bear (朝阳区) gives the candidates, unless one of them is a province or a city
    where the others are districts.
    """
    plain = fold(text).replace(" ", "")
    position = _HEAD.match(plain).end()  # type: ignore[union-attr]
    found: tuple[Region, ...] = ()
    while True:
        start = _skip_gap(plain, position)
        length, narrowed = _longest(plain, start, found)
        if not narrowed:
            break
        found, position = narrowed, start + length
        if all(region.level == 3 for region in found):
            break
    rest = plain[_skip_gap(plain, position) :] if found else fold(text)
    chosen = _choose(found)
    if chosen is None:
        return RegionMatch(None, rest if not found else fold(text), tuple(region.code for region in found))
    return RegionMatch(chosen, rest, ())


def _skip_gap(text: str, position: int) -> int:
    position = _GAP.match(text, position).end()  # type: ignore[union-attr]
    filler = _FILLER.match(text, position)
    return _GAP.match(text, filler.end()).end() if filler else position  # type: ignore[union-attr]


def _longest(text: str, start: int, scopes: tuple[Region, ...]) -> tuple[int, tuple[Region, ...]]:
    """Length and regions of the longest name at `start` that lies inside one of `scopes`."""
    regions = table()
    for length in _lengths().get(text[start : start + 2], ()):
        name = text[start : start + length]
        codes = regions.by_name.get(name) or ((_OTHER_NAMES[name],) if name in _OTHER_NAMES else ())
        if not codes:
            continue
        followed = _NO_REGION.match(text, start + length) is not None
        found = tuple(
            region
            for region in map(regions.by_code.__getitem__, codes)
            if not (followed and region.name != name)
            and (not scopes or any(_is_in(region, s) for s in scopes))
        )
        if found:
            return length, found
    return 0, ()


@cache
def _lengths() -> dict[str, list[int]]:
    """How long the names are that begin with these two characters, the longest first."""
    found: dict[str, set[int]] = {}
    for name in (*table().by_name, *_OTHER_NAMES):
        found.setdefault(name[:2], set()).add(len(name))
    return {head: sorted(lengths, reverse=True) for head, lengths in found.items()}


def _is_in(region: Region, scope: Region) -> bool:
    """Whether the region lies strictly below the scope."""
    if region.level <= scope.level:
        return False
    return region.parent == scope.code or (scope.level == 1 and region.code[:2] == scope.code[:2])


def _choose(found: tuple[Region, ...]) -> str | None:
    """The one region meant: the highest, unless a city shares its name with a municipality's district."""
    if not found:
        return None
    top = min(region.level for region in found)
    highest = [region for region in found if region.level == top]
    if len({region.code[:2] for region in highest}) > 1 or (top == 3 and len(highest) > 1):
        return None
    if top == 2 and any(region.level == 3 and region.parent and _is_municipal(region) for region in found):
        return None
    chosen = highest[0]
    return chosen.code[:2] + "0100" if chosen.level == 1 and chosen.is_municipality else chosen.code


def _is_municipal(region: Region) -> bool:
    return region.code[:2] in ("11", "12", "31", "50")
