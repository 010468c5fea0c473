"""Finding the header row of a sheet and guessing where its columns go."""

from collections.abc import Sequence
from dataclasses import dataclass

from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import words
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.table_rows import Row
from kebu.exchange.imports.choices import Certainty
from kebu.exchange.imports.protecting import is_open
from kebu.exchange.imports.sheets import LOOK_AT
from kebu.exchange.imports.targets import bare, by_spelling, targets

LEAST_ALIKE = 2
PROBLEM = "问题"  # the column that the file of failing rows adds
PROBLEM = "问题"  # the column that the file of failing rows adds
# Columns of the templates that hold no value of a customer.
NO_VALUES = {
    bare(header)
    for header in (PROBLEM, *words("序号 编号 客户编号 最后跟进时间 时间戳 提交时间 填写人 提交人"))
}


@dataclass(frozen=True, slots=True)
class Guess:
    """The target of one column."""

    key: str
    certainty: Certainty


def find_header(rows: Sequence[Row]) -> Row | None:
    """The row that looks most like a header: most known names; without any, the first with two texts."""
    known = by_spelling()
    best, most = None, 0
    for row in rows[:LOOK_AT]:
        count = sum(1 for cell in row.cells if isinstance(cell, str) and _known(cell, known))
        if count > most:
            best, most = row, count
    if most >= LEAST_ALIKE:
        return best
    return next((row for row in rows if sum(1 for cell in row.cells if str(cell).strip()) >= 2), best)


def _known(cell: str, known: dict[str, str]) -> bool:
    return bare(cell) in known or bare(cell) in NO_VALUES


def guess(headers: Sequence[str], samples: Sequence[Sequence[str]], context: Context) -> list[Guess]:
    """One guess per column; a target is used once, the surest column first."""
    columns = [[row[i] for row in samples if i < len(row) and row[i].strip()] for i in range(len(headers))]
    named = [_by_name(header, context) for header in headers]
    guesses = [_weighed(found, column, context) for found, column in zip(named, columns, strict=True)]
    taken = {found.key for found in guesses if found.certainty is Certainty.SURE}
    for index, found in enumerate(guesses):
        if found.certainty is Certainty.GUESSED and found.key in taken:
            guesses[index] = Guess("", Certainty.NONE)
        elif found.certainty is Certainty.NONE and bare(headers[index]) not in NO_VALUES:
            guesses[index] = _by_values(columns[index], taken, context)
        taken.add(guesses[index].key)
    return _with_name(_once(guesses))


def _by_name(header: str, context: Context) -> Guess:
    """By the header alone: the same spelling is sure, one spelling inside the other a guess."""
    found = _spelled(header)
    return found if not found.key or is_open(found.key, context) else Guess("", Certainty.NONE)


def _spelled(header: str) -> Guess:
    known, text = by_spelling(), bare(header)
    if text in NO_VALUES or not text:
        return Guess("", Certainty.NONE)
    if text in known:
        return Guess(known[text], Certainty.SURE)
    inside = [spelling for spelling in known if len(spelling) >= 2 and (spelling in text or text in spelling)]
    if inside and len(text) >= 2:
        return Guess(known[max(inside, key=len)], Certainty.GUESSED)
    return Guess("", Certainty.NONE)


def _weighed(found: Guess, column: Sequence[str], context: Context) -> Guess:
    """When nothing in the column can be read as its name promises, a sure one is a guess, a guess is none."""
    if not found.key or not column or any(_reads(found.key, text, context) for text in column[:10]):
        return found
    is_sure = found.certainty is Certainty.SURE
    return Guess(found.key, Certainty.GUESSED) if is_sure else Guess("", Certainty.NONE)


def _by_values(column: Sequence[str], taken: set[str], context: Context) -> Guess:
    """By what stands in the column: kinds whose format leaves no doubt."""
    for key in ("customer.credit_code", "customer.email", "way"):
        if (
            key not in taken
            and is_open(key, context)
            and column
            and all(_reads(key, text, context) for text in column[:10])
        ):
            return Guess(key, Certainty.GUESSED)
    return Guess("", Certainty.NONE)


def _reads(key: str, text: str, context: Context) -> bool:
    try:
        targets()[key].read(text, context)
    except Unreadable:
        return False
    return True


def _once(guesses: list[Guess]) -> list[Guess]:
    """Leave out the second column of the same target."""
    seen: set[str] = set()
    result = []
    for found in guesses:
        result.append(found if found.key not in seen or not found.key else Guess("", Certainty.NONE))
        seen.add(found.key)
    return result


def _with_name(guesses: list[Guess]) -> list[Guess]:
    """In a list of people the only name there is is the customer's."""
    keys = [found.key for found in guesses]
    for key in ("contact.name", "person"):
        if "customer.name" not in keys and key in keys and "contact.title" not in keys:
            guesses[keys.index(key)] = Guess("customer.name", Certainty.GUESSED)
            return guesses
    return guesses
