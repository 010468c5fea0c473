"""A whole edition of GB/T 4754 from a spreadsheet: read it, then put it in the place of the present one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.tables import open_table
from kebu.base.kit.text import tidy
from kebu.office.vocabulary.actions import note_edition
from kebu.office.vocabulary.models import Industry
from kebu.office.vocabulary.queries import IndustryRow

COLUMNS = {
    "code": {"code", "代码", "行业代码", "编码"},
    "name": {"name", "名称", "行业名称", "类别名称"},
    "parent": {"parent", "上级", "上级代码"},
    "level": {"level", "层级", "级别"},
}
MOST_ROWS = 5_000
CODE = re.compile(r"([A-Z]?)(\d{0,4})")


@dataclass(frozen=True, slots=True)
class Replaced:
    """How many classes an edition added, changed, retired (still in use) and removed."""

    added: int
    changed: int
    retired: int
    removed: int


def read_edition(path: str) -> list[IndustryRow]:
    """The classes of a spreadsheet with the columns code, name and optionally parent and level, 门类 first.

    Codes are read with or without the letter of their 门类 and with zeros that a spreadsheet program dropped.
    """
    with open_table(path) as table:
        rows = iter(table.rows())
        places = _places([str(cell) for cell in next(rows, (0, []))[1]])
        reader = _Reader()
        for number, cells in rows:
            if number > MOST_ROWS:
                raise Unreadable(_("行业表超过%(most)d行，请确认选对了文件") % {"most": MOST_ROWS})
            reader.take(number, {key: _cell(cells, place) for key, place in places.items()})
    if {row.level for row in reader.found.values()}.isdisjoint({2}):
        raise Unreadable(_("文件里没有大类，请检查code、name、parent、level四列"))
    return list(reader.found.values())


def _places(header: list[str]) -> dict[str, int]:
    titles = [tidy(title).casefold() for title in header]
    places = {key: i for key, names in COLUMNS.items() for i, title in enumerate(titles) if title in names}
    if not {"code", "name"} <= places.keys():
        raise Unreadable(_("第一行要有列名code（代码）和name（名称）"))
    return places


def _cell(cells: list[object], place: int) -> str:
    return tidy(str(cells[place])) if place < len(cells) else ""


class _Reader:
    """Reads row after row; knows the letter that two digits belong to."""

    def __init__(self) -> None:
        self.found: dict[str, IndustryRow] = {}
        self.letters: dict[str, str] = {}
        self.letter = ""

    def take(self, number: int, cells: dict[str, str]) -> None:
        letter, digits = self._split(number, cells["code"], cells.get("level", ""))
        if not digits:
            self.letter = letter
        elif len(digits) == 2:
            letter = letter or cells.get("parent", "")[:1].upper() or self.letter
            self.letters[digits] = letter
        else:
            letter = letter or self.letters.get(digits[:2], "")
        level = max(1, len(digits))
        parent = letter + (digits[:-1] if level > 2 else "") if level > 1 else None
        if parent is not None and parent not in self.found:
            raise _unreadable(number, _("上级%(code)s要排在它前面") % {"code": parent or "?"})
        self._keep(number, IndustryRow(letter + digits, cells["name"], level, parent))

    def _split(self, number: int, text: str, level: str) -> tuple[str, str]:
        match = CODE.fullmatch(text.upper().removesuffix(".0"))
        if not match or not match[0]:
            raise _unreadable(number, _("“%(text)s”不是行业代码") % {"text": text[:10]})
        letter, digits = match[1], match[2]
        width = int(level[:1]) if level[:1] in {"2", "3", "4"} else max(2, len(digits))
        digits = digits.rjust(width, "0") if digits else ""
        if len(digits) > 4:
            raise _unreadable(number, _("“%(text)s”不是行业代码") % {"text": text[:10]})
        return letter, digits

    def _keep(self, number: int, row: IndustryRow) -> None:
        if row.code in self.found:
            raise _unreadable(number, _("代码%(code)s前面已经有了") % {"code": row.code})
        if not row.name or len(row.name) > 60:
            raise _unreadable(number, _("名称要有，最多60个字"))
        self.found[row.code] = row


def _unreadable(number: int, reason: str) -> Unreadable:
    return Unreadable(_("第%(number)d行：%(reason)s") % {"number": number, "reason": reason})


@transaction.atomic
def replace_edition(rows: Iterable[IndustryRow], edition: str, *, by: Author, at: datetime) -> Replaced:
    """Put an edition in the place of the present one. Codes, and the aliases the office gave them, stay.

    Classes that are not in it go, unless records use them: those stay readable but are no longer offered.
    """
    wanted = {row.code: row for row in rows}
    present = {row.code: row for row in Industry.objects.all()}
    changed = sum(1 for code, row in wanted.items() if code in present and present[code].name != row.name)
    Industry.objects.bulk_create(
        [
            Industry(code=row.code, name=row.name, parent_id=row.parent, level=row.level, edition=edition)
            for row in sorted(wanted.values(), key=lambda row: row.level)
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "parent", "level", "edition", "is_active"],
    )
    retired, removed = _drop(present, present.keys() - wanted.keys())
    result = Replaced(len(wanted.keys() - present.keys()), changed, retired, removed)
    note_edition(edition, (result.added, result.changed, retired, removed), by=by, at=at)
    return result


def _drop(present: dict[str, Industry], gone: Iterable[str]) -> tuple[int, int]:
    """Remove classes nobody uses, retire the others with what is above them; return how many of each."""
    gone = set(gone)
    used = _used(gone)
    for code in list(used):
        parent = present[code].parent_id
        while parent in gone:
            used.add(parent)
            parent = present[parent].parent_id
    Industry.objects.filter(code__in=used).update(is_active=False)
    for level in (4, 3, 2, 1):
        Industry.objects.filter(code__in=gone - used, level=level).delete()
    return len(used), len(gone) - len(used)


def _used(codes: set[str]) -> set[str]:
    """Those of the codes that a row of any room points at."""
    used: set[str] = set()
    for relation in Industry._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.related_model in (None, Industry):
            continue
        model: Any = relation.related_model
        column = f"{relation.field.name}_id"  # type: ignore[union-attr]
        pointing = model._base_manager.filter(**{f"{column}__in": codes})
        used |= set(pointing.values_list(column, flat=True).distinct())
    return used
