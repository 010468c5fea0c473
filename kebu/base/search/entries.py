"""From a document to its stored entry: text folded so that finding is plain comparison of strings."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from kebu.base.kit.pinyin import syllables
from kebu.base.search.syllables import SYLLABLES, plain

_LEGAL_FORM = re.compile(r"(?:股份)?有限(?:责任)?公司|公司$")
_PARTS = re.compile(r"[a-z]+|[0-9]")
_LONGEST_PERSON = 4
_MOBILE_DIGITS = 11


@dataclass(frozen=True, slots=True)
class Document:
    """What one record is to be found by, as the rooms above know it."""

    id: int
    names: tuple[str, ...]
    people: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


class Entry(NamedTuple):
    """The stored row. Each text is a run of pieces behind marks; no piece holds a mark, so none is crossed.

    names ``|海纳科技有限公司|张伟``, numbers ``#13812345678#cus202405001``, initials ``~hnkj~zw``,
    syllables ``|'hai'na'ke'ji|'zhang'wei``, labels ``=o17=``.
    """

    id: int
    names: str
    numbers: str
    initials: str
    syllables: str
    labels: str


COLUMNS = ", ".join(Entry._fields)


def fold(text: str) -> str:
    """Fold width and case of documents and of what is searched alike: ＡＢＣ（苏州） finds abc(苏州).

    Changed, it asks for a new index.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def squeeze(text: str) -> str:
    """Fold, and keep letters and digits only: punctuation and spaces neither help nor hinder finding."""
    return "".join(filter(str.isalnum, fold(text)))


def national(number: str) -> str:
    """Write an E.164 number of the mainland as it is dialled there (139…, 0512…, 400…); others just bare."""
    if not number.startswith("+86"):
        return squeeze(number)
    dialled, _, extension = number[3:].partition(";ext=")
    is_without_area = dialled[:3] in {"400", "800"} or (dialled[:1] == "1" and len(dialled) == _MOBILE_DIGITS)
    return squeeze(f"{'' if is_without_area else '0'}{dialled}{extension}")


@lru_cache(maxsize=4096)
def _sounds(name: str, is_person: bool) -> tuple[str, str]:
    """Return the initials and the marked syllables of a squeezed name.

    Latin letters and digits are their own initials and part the syllables before them from those behind.
    """
    initials: list[str] = []
    spoken: list[str] = ["|"]
    for reading in syllables(name, is_person):
        for part in _PARTS.findall(plain(reading.lower())):
            is_syllable = part in SYLLABLES
            initials.append(part[0] if is_syllable else part)
            spoken.append(f"'{part}" if is_syllable else "|")
    return "~" + "".join(initials), "".join(spoken)


def _readings(names: Iterable[str], people: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the sounds of every name; a short customer name may be a person's, so it is read both ways."""
    for name in names:
        core = _LEGAL_FORM.sub("", name) or name
        yield _sounds(core, False)
        if len(core) <= _LONGEST_PERSON:
            yield _sounds(core, True)
    for person in people:
        yield _sounds(person, True)


def label_mark(label: str) -> str:
    """Return the label as it is stored and asked for; only letters and digits are allowed in labels."""
    if not (label.isascii() and label.isalnum()):
        raise ValueError(f"a label is made of letters and digits: {label!r}")
    return f"={label.lower()}"


def label_text(labels: Iterable[str]) -> str:
    """Join labels for storing."""
    return "".join(map(label_mark, sorted(labels))) + "="


def entry(document: Document) -> Entry:
    """Fold a document into its entry."""
    names = list(filter(None, map(squeeze, document.names)))
    people = list(filter(None, map(squeeze, document.people)))
    numbers = filter(None, map(national, document.numbers))
    sounds = dict.fromkeys(_readings(names, people))
    return Entry(
        id=document.id,
        names="".join(f"|{name}" for name in (*names, *people)),
        numbers="".join(f"#{number}" for number in numbers),
        initials="".join(initials for initials, _ in sounds),
        syllables="".join(spoken for _, spoken in sounds),
        labels=label_text(document.labels),
    )
