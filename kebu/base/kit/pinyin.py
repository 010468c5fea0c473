"""Pinyin without tones of names of people and companies, for search and for sorting."""

from functools import lru_cache

from kebu.base.kit.pinyin_names import COMPOUND_SURNAMES, SURNAMES
from kebu.base.kit.pinyin_table import pinyin_table
from kebu.base.kit.text import fold, is_han


def syllables(name: str, is_person: bool = False) -> list[str]:
    """One lower-case syllable per Chinese character; each run of letters or digits stays one piece.

    With `is_person` the name begins with a surname, which may be read differently (单 shan, 仇 qiu).
    ü is v, as on the keyboard (吕 lv).
    """
    return list(_syllables(name, is_person))


@lru_cache(maxsize=4096)
def _syllables(name: str, is_person: bool) -> tuple[str, ...]:
    text = fold(name).lower()
    characters, _phrases, longest = pinyin_table()
    found = _surname(text) if is_person else []
    position = len(found)
    while position < len(text):
        first = text[position]
        if is_han(first):
            read = _phrase(text, position) if first in longest else (characters.get(first, first),)
            position += len(read)
        else:
            end = position + 1
            while end < len(text) and text[end].isalnum() and not is_han(text[end]):
                end += 1
            read = (text[position:end],) if text[position].isalnum() else ()
            position = end if read else position + 1
        found += read
    return tuple(found)


def _surname(text: str) -> list[str]:
    compound = COMPOUND_SURNAMES.get(text[:2])
    if compound:
        return list(compound)
    return [SURNAMES[text[0]]] if text and text[0] in SURNAMES else []


def _phrase(text: str, position: int) -> tuple[str, ...]:
    """Readings from `position` on: of the longest known phrase, else of one character."""
    characters, phrases, longest = pinyin_table()
    first = text[position]
    for length in range(min(longest[first], len(text) - position), 1, -1):
        read = phrases.get(text[position : position + length])
        if read:
            return read
    return (characters.get(first, first),)


def initials(name: str, is_person: bool = False) -> str:
    """First letters of the syllables, letters and digits in full: 张伟 zw, ABC科技 abckj."""
    text = fold(name).lower()
    if text.isascii():
        return "".join(filter(str.isalnum, text))
    read = _syllables(name, is_person)
    if text.isalpha() and len(read) == len(text):
        return "".join([piece[0] for piece in read])
    return "".join(piece if piece in text else piece[0] for piece in read)


def sort_key(name: str, is_person: bool = False) -> str:
    """Key for alphabetical order: digits, then Latin letters and pinyin together, syllable by syllable.

    A 0 separates syllables: every collation, bytewise or linguistic, puts digits before letters, so that
    李平 li0ping comes before 梁 liang in SQLite and in PostgreSQL alike.
    """
    return "0".join(_syllables(name, is_person))
