"""The grams of an entry: the small exact keys the engines index. Queries ask for the same keys (terms.py).

names     every character ``海`` and pair ``海纳``
numbers   every three characters ``#138``, and where a number begins one and two ``#1`` ``#13``
initials  every one, two and three in a row ``~h`` ``~hn`` ``~hnk``
syllables every beginning of at least two letters ``^ha`` ``^hai``, and with the next one's first ``^hain``
labels    each as it is ``=o17``
The marks keep the sorts apart; a gram holds no space, quote or operator, so it is safe in any query language.
"""

from functools import lru_cache
from itertools import pairwise

from kebu.base.search.entries import Entry

SHORT = 3


@lru_cache(maxsize=1024)
def _beginnings(syllable: str) -> tuple[str, ...]:
    """Return the grams of one syllable, the shortest first."""
    return tuple(f"^{syllable[:end]}" for end in range(2, len(syllable) + 1))


def pairs(name: str) -> list[str]:
    """Return every two neighbouring characters."""
    return [name[at : at + 2] for at in range(len(name) - 1)]


def runs(mark: str, text: str, length: int) -> list[str]:
    """Return every run of neighbouring characters of this length, behind the mark."""
    return [mark + text[at : at + length] for at in range(len(text) - length + 1)]


@lru_cache(maxsize=4096)
def _initial_grams(initials: str) -> tuple[str, ...]:
    grams = {gram for length in range(1, SHORT + 1) for gram in runs("~", initials, length)}
    return tuple(grams)


@lru_cache(maxsize=4096)
def _spoken_grams(spoken: str) -> tuple[str, ...]:
    syllables = spoken.split("'")[1:]
    found = {gram for syllable in syllables for gram in _beginnings(syllable)}
    found.update(f"^{syllable}{after[0]}" for syllable, after in pairwise(syllables))
    return tuple(found)


def grams(entry: Entry) -> list[str]:
    """Return all grams of an entry; some more than once."""
    found: list[str] = []
    for name in entry.names.split("|"):
        found += name
        found += pairs(name)
    for number in entry.numbers.split("#")[1:]:
        found += (f"#{number[:1]}", f"#{number[:2]}")
        found += runs("#", number, SHORT)
    for initials in entry.initials.split("~")[1:]:
        found += _initial_grams(initials)
    for spoken in entry.syllables.split("|"):
        found += _spoken_grams(spoken)
    found += [f"={label}" for label in entry.labels.split("=") if label]
    return found
