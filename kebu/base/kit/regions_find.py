"""Finding regions while somebody types: by characters, pinyin or initials, of the region or of its path."""

from functools import cache
from itertools import chain
from typing import NamedTuple

from kebu.base.kit.pinyin import syllables
from kebu.base.kit.region_table import Region, table
from kebu.base.kit.regions_parse import parse_region
from kebu.base.kit.text import fold

ENOUGH = 8


class _Words(NamedTuple):
    """What one region is found by: its own spellings, and those with what it lies in before them."""

    code: str
    own: tuple[str, ...]
    path: tuple[str, ...]


def find_regions(text: str, limit: int = ENOUGH) -> list[str]:
    """Codes of the regions the text may mean, the likeliest first: what the parser reads in it, those
    called so, those whose name begins so, those in the region called so; high ones before low ones."""
    asked = "".join(filter(str.isalnum, fold(text).casefold()))
    if not asked:
        return []
    match = parse_region(text)
    meant = [match.code] if match.code else list(match.candidates)
    exact: list[str] = []
    begun: list[str] = []
    within: list[str] = []
    for code, own, path in _index():
        if asked in own:
            exact.append(code)
        elif any(word.startswith(asked) for word in own):
            begun.append(code)
        elif any(word.startswith(asked) for word in path):
            within.append(code)
    return list(dict.fromkeys(chain(meant, exact, begun, within)))[:limit]


@cache
def _index() -> tuple[_Words, ...]:
    """All regions, provinces first; a municipality stands once, as its city."""
    regions = table().by_code
    spellings = {code: _spellings(region) for code, region in regions.items()}
    listed = [r for r in regions.values() if not (r.level == 1 and r.is_municipality)]
    listed.sort(
        key=lambda region: (region.level > 1 and not region.is_municipality, region.level, region.code)
    )
    return tuple(_Words(r.code, spellings[r.code], _paths(r, spellings)) for r in listed)


def _spellings(region: Region) -> tuple[str, ...]:
    """Short and full name in characters, in pinyin and as initials: 苏州, 苏州市, suzhou … szs."""
    words = (region.short, region.name)
    read = [syllables(word) for word in words]
    return (*words, *map("".join, read), *("".join(part[0] for part in parts) for parts in read))


def _paths(region: Region, spellings: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The same with what the region lies in before it: 苏州昆山, 江苏苏州昆山, suzhoukunshan, jsszks."""
    found: list[str] = []
    grown, above = spellings[region.code], region.parent
    while above:
        grown = tuple(higher + lower for higher, lower in zip(spellings[above], grown, strict=True))
        found += grown
        above = table().by_code[above].parent
    return tuple(found)
