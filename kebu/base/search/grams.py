"""The grams of an entry: the small exact keys the engines index. Queries ask for the same keys (terms.py).

names     every character ``海`` and pair ``海纳``; of Latin letters and digits every three and four as well
numbers   every three and four characters ``#138`` ``#1381``; at the beginning also one and two ``#1`` ``#13``
initials  every one to four in a row ``~h`` ``~hn`` ``~hnk`` ``~hnkj``
syllables every beginning of at least two letters ``^ha`` ``^hai``, and with the next one's first ``^hai^n``
labels    each as it is ``=o17``
The marks keep the sorts apart; a gram holds no space, quote or operator, so it is safe in any query language.
"""

import re
from functools import lru_cache
from itertools import pairwise
from operator import add

from kebu.base.search.entries import Entry

SHORT, LONG = 3, 4
_LATIN = re.compile(f"[0-9a-z]{{{SHORT},}}")


def pairs(name: str) -> list[str]:
    """Return every two neighbouring characters."""
    return [name[at : at + 2] for at in range(len(name) - 1)]


def runs(mark: str, text: str, length: int) -> list[str]:
    """Return every run of neighbouring characters of this length, behind the mark."""
    return [mark + text[at : at + length] for at in range(len(text) - length + 1)]


def pieces(mark: str, text: str) -> list[str]:
    """Return the longest runs the index has that cover a text of at least SHORT characters."""
    return runs(mark, text, LONG if len(text) >= LONG else SHORT)


@lru_cache(maxsize=1024)
def _beginnings(syllable: str) -> tuple[str, ...]:
    """Return the grams of one syllable, the shortest first."""
    return tuple(f"^{syllable[:end]}" for end in range(2, len(syllable) + 1))


def _name_grams(name: str) -> list[str]:
    found = [*name, *pairs(name)]
    for latin in _LATIN.findall(name):
        found += runs("", latin, SHORT) + runs("", latin, LONG)
    return found


def _number_grams(number: str) -> list[str]:
    found = [f"#{number[:1]}", f"#{number[:2]}"]
    for at in range(len(number) - SHORT + 1):
        long = number[at : at + LONG]
        found.append("#" + long[:SHORT])
        found.append("#" + long)  # at the end the short one again
    return found


def _initial_grams(initials: str) -> list[str]:
    run = [f"~{initial}" for initial in initials]
    found = run
    for length in range(1, LONG):
        run = list(map(add, run, initials[length:]))
        found += run
    return found


def _spoken_grams(spoken: str) -> list[str]:
    syllables = spoken.split("'")[1:]
    found = [f"^{syllable}^{after[0]}" for syllable, after in pairwise(syllables)]
    for syllable in syllables:
        found += _beginnings(syllable)
    return found


def grams(entry: Entry) -> list[str]:
    """Return all grams of an entry; some more than once."""
    found: list[str] = []
    for name in entry.names.split("|"):
        found += _name_grams(name)
    for number in entry.numbers.split("#")[1:]:
        found += _number_grams(number)
    for initials in entry.initials.split("~")[1:]:
        found += _initial_grams(initials)
    for spoken in entry.syllables.split("|"):
        found += _spoken_grams(spoken)
    found += [f"={label}" for label in entry.labels.split("=") if label]
    return found
