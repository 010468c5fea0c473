"""How a query and a text meet: as they stand, by pinyin or by initials."""

from functools import lru_cache
from typing import NamedTuple

from kebu.base.kit import pinyin, regions
from kebu.base.kit.text import tidy

LONGEST_PLACE = 8
WHOLE, BEGINS, WITHIN, ELSEWHERE, NOT = range(5)  # how well a text fits, best first


class Pieces(NamedTuple):
    """A text cut where the query occurs: before, the match, after."""

    before: str
    match: str = ""
    after: str = ""


def cut(text: str, query: str) -> Pieces:
    """Where the query, or the syllables it spells, stand in the text."""
    at = text.casefold().find(query.casefold()) if query else -1
    if at >= 0:
        return Pieces(text[:at], text[at : at + len(query)], text[at + len(query) :])
    start, end = spelled(text, query.casefold())
    return Pieces(text[:start], text[start:end], text[end:])


def spelled(text: str, letters: str, is_person: bool = False) -> tuple[int, int]:
    """The characters whose initials or pinyin the letters are; (0, 0) when none."""
    if not letters.isascii() or not letters.isalpha() or len(letters) < 2:
        return 0, 0
    sounds = pinyin.syllables(text, is_person)
    if len(sounds) != len(text):
        return 0, 0
    for start in range(len(text)):
        if "".join(sound[0] for sound in sounds[start : start + len(letters)]) == letters:
            return start, start + len(letters)
        for end in range(start + 1, len(text) + 1):
            if "".join(sounds[start:end]).startswith(letters):
                return start, end
    return 0, 0


def distance(name: str, query: str) -> int:
    """How near the name of a customer is: what follows its place (北京方佑) may begin so as well."""
    found = cut(name, query)
    if not found.match:
        return ELSEWHERE
    inner = cut(_core(name), query)
    return BEGINS if not found.before or (inner.match and not inner.before) else WITHIN


def fit(label: str, words: str, query: str) -> int:
    """How well the name of a page or an action fits; ``words`` are others people say for it."""
    wanted = tidy(query).casefold()
    if wanted in (label.casefold(), pinyin.initials(label)):
        return WHOLE
    found = cut(label, wanted)
    if found.match or (len(wanted) == 1 and pinyin.initials(label).startswith(wanted)):
        return WITHIN if found.before else BEGINS
    return ELSEWHERE if any(_is_said(word, wanted) for word in words.casefold().split()) else NOT


def _is_said(word: str, wanted: str) -> bool:
    return word.startswith(wanted) or (len(wanted) > 1 and cut(word, wanted).match != "")


@lru_cache(maxsize=4096)
def _core(name: str) -> str:
    """The name behind the province or city it begins with."""
    for length in range(min(LONGEST_PLACE, len(name) - 1), 1, -1):
        if name[:length] in _places():
            return name[length:]
    return name


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """Provinces and cities as names begin with them: 江苏, 江苏省, 苏州, 苏州市."""
    provinces = regions.children(None)
    cities = [city for province in provinces for city in regions.children(province.code)]
    return frozenset(name for place in [*provinces, *cities] for name in (place.name, place.short))
