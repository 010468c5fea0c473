"""From what somebody typed to what must hold: every term, by at least one of its alternatives."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from kebu.base.kit.errors import Unreadable
from kebu.base.kit.phones import parse_phone
from kebu.base.search.entries import fold, label_mark, national
from kebu.base.search.grams import LONG, SHORT, pairs, pieces
from kebu.base.search.syllables import cuts, plain

MOST_CHARACTERS = 200
MOST_TERMS = 8
MOST_GRAMS = 12
MOST_FRAGMENTS = 6
PAIR = 2
SERIES = "cus"  # customer numbers, which are no secret, begin so; no other number does
WHOLE_NUMBERS = "numbers || '#'"

_LETTERS_AMONG_OTHERS = re.compile(r"[a-z]+|[^a-z]+")
_COUNTRY_CODE_APART = re.compile(r"(?<!\S)(?:\+|00)86[\s-]+(?=[0-9])")
_COUNTRY_CODE = re.compile(r"(?:00)?86(?=[0-9]{3})")


class Numbers(StrEnum):
    """By how much of a number a person may find. Who does not see numbers must not guess them bit by bit."""

    PARTS = "parts"
    WHOLE = "whole"  # the whole number, as a caller's; of customer numbers also the beginning
    NONE = "none"  # customer numbers only


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to fulfil a term: ``text`` stands in ``column``; then the entry has all ``grams``.

    A short text is a gram itself (``is_gram``): whoever has the gram has the text, nothing is left to judge.
    """

    column: str
    text: str
    grams: tuple[str, ...]
    is_gram: bool = False


Term = tuple[Alternative, ...]


def _few(grams: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(grams))[:MOST_GRAMS]


def _as_name(word: str) -> Iterator[Alternative]:
    if len(word) > PAIR and word.isascii():
        yield Alternative("names", word, _few(pieces("", word)), is_gram=len(word) <= LONG)
    else:
        yield Alternative("names", word, _few(pairs(word) or [word]), is_gram=len(word) <= PAIR)


def _digits(text: str) -> tuple[str, ...]:
    """Cover a fragment from its end, where numbers differ most."""
    return tuple(dict.fromkeys(pieces("#", text)[::-1]))[:MOST_FRAGMENTS]


def _as_number(word: str) -> Iterator[Alternative]:
    """Anywhere in a number from three characters on; one or two only where a number begins."""
    if len(word) < SHORT:
        yield Alternative("numbers", f"#{word}", (f"#{word}",), is_gram=True)
        return
    yield Alternative("numbers", word, _digits(word), is_gram=len(word) <= LONG)
    if match := _COUNTRY_CODE.match(word):
        for dialled in (word[match.end() :], f"0{word[match.end() :]}"):
            begun = f"#{dialled[:PAIR]}"  # three digits alone stand somewhere in every twentieth number
            yield Alternative("numbers", f"#{dialled}", (*_digits(dialled), begun))


def _as_whole_number(word: str) -> Iterator[Alternative]:
    """A number written to its end; a telephone number also when it has an extension besides."""
    yield Alternative(WHOLE_NUMBERS, f"#{word}#", _digits(word) or (f"#{word}",))
    if dialled := _dialled(word):
        yield Alternative("numbers", f"#{dialled}", _digits(dialled))


def _dialled(text: str) -> str:
    """The text as a complete telephone number in the form the index keeps, "" when it is none."""
    try:
        return national(parse_phone(text))
    except Unreadable:
        return ""


def _as_customer_number(word: str) -> Iterator[Alternative]:
    """The beginning of a customer number, its letters left out or not."""
    for begun in (word,) if word.startswith(SERIES) else (f"{SERIES}{word}",):
        yield Alternative("numbers", f"#{begun}", _digits(begun))


def _numbered(word: str, numbers: Numbers) -> Iterator[Alternative]:
    if numbers is Numbers.PARTS:
        yield from _as_number(word)
        return
    if len(word) >= SHORT:
        yield from _as_customer_number(word)
    if numbers is Numbers.WHOLE:
        yield from _as_whole_number(word)


def _as_initials(word: str) -> Iterator[Alternative]:
    grams = _few(pieces("~", word) if len(word) > LONG else [f"~{word}"])
    yield Alternative("initials", word, grams, is_gram=len(word) <= LONG)


def _as_pinyin(word: str) -> Iterator[Alternative]:
    """Neighbouring syllables, the last one perhaps unfinished. A single letter is an initial already."""
    for cut in cuts(plain(word)) if len(word) > 1 else ():
        grams = [f"^{part}^{after[0]}" for part, after in pairwise(cut)]
        grams += [f"^{cut[-1]}"] if len(cut[-1]) > 1 else []
        yield Alternative("syllables", "'" + "'".join(cut), _few(grams), is_gram=len(grams) == 1)


def _alternatives(word: str, numbers: Numbers) -> Iterator[Alternative]:
    yield from _as_name(word)
    if any(map(str.isascii, word)):
        yield from _numbered(word, numbers)
    if word.isascii() and not word.isdigit():
        yield from _as_initials(word)
    if word.isascii() and word.isalpha():
        yield from _as_pinyin(word)


def _words(query: str) -> Iterator[str]:
    """Cut at spaces, drop punctuation; 张wei asks for 张 and wei, but 3m中国 and A8音乐 stay whole."""
    joined = _COUNTRY_CODE_APART.sub("86", fold(query[:MOST_CHARACTERS]))
    for word in joined.split():
        bare = "".join(filter(str.isalnum, word))
        if any(map(str.isdigit, bare)):
            yield bare
        else:
            yield from _LETTERS_AMONG_OTHERS.findall(bare)


@lru_cache(maxsize=1024)
def terms(query: str, numbers: Numbers = Numbers.PARTS) -> tuple[Term, ...]:
    """Read a query; empty when it holds no letter and no digit.

    What is beyond MOST_CHARACTERS characters or MOST_TERMS words is not looked at. A telephone number with
    spaces in it is one word where only whole numbers find.
    """
    whole = _dialled(query[:MOST_CHARACTERS]) if numbers is Numbers.WHOLE else ""
    words = [whole] if whole else list(dict.fromkeys(_words(query)))[:MOST_TERMS]
    return tuple(tuple(_alternatives(word, numbers)) for word in words)


def boolean(
    wanted: Iterable[Term], labels: Iterable[str] | None, quote: Callable[[str], str], both: str, either: str
) -> str:
    """Write the terms and the labels (any of them) in an engine's query language."""
    clauses = [_any((_all(each.grams, quote, both) for each in term), either) for term in wanted]
    if labels is not None:
        clauses.append(_any((quote(label_mark(label)) for label in sorted(labels)), either))
    return both.join(clauses)


def _all(grams: Iterable[str], quote: Callable[[str], str], both: str) -> str:
    return f"({both.join(map(quote, grams))})"


def _any(options: Iterable[str], either: str) -> str:
    return f"({either.join(dict.fromkeys(options))})"


def undecided(wanted: Iterable[Term]) -> list[Term]:
    """Return the terms that the index alone cannot decide."""
    return [term for term in wanted if not all(each.is_gram for each in term)]


def separated(wanted: Sequence[Term]) -> list[Sequence[Term]]:
    """Part what the index decides alone from what must be judged: who holds one of the parts holds all."""
    decided = tuple(each for each in wanted[0] if each.is_gram) if len(wanted) == 1 else ()
    judged = tuple(each for each in wanted[0] if not each.is_gram)
    return [(decided,), (judged,)] if decided and judged else [wanted]


def recheck(wanted: Iterable[Term]) -> tuple[list[str], list[str]]:
    """Return SQL clauses over the alias ``entry``, and their parameters. Words hold no wildcards."""
    clauses: list[str] = []
    params: list[str] = []
    for term in wanted:
        clauses.append("(" + " OR ".join(f"entry.{each.column} LIKE %s" for each in term) + ")")
        params.extend(f"%{each.text}%" for each in term)
    return clauses, params
