"""Fields that point at terms and industries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context, Entry, Key, directory_loader, fold
from kebu.base.fields.kinds import Choices, Reference
from kebu.base.kit.errors import Unreadable
from kebu.office.vocabulary.choices import TermKind
from kebu.office.vocabulary.models import INDUSTRIES, Industry, Term


def _terms(kind: TermKind) -> Iterable[Entry]:
    for term in Term.objects.filter(kind=kind).order_by("order", "id"):
        yield Entry(term.pk, term.name, tuple(term.aliases), term.is_active, order=term.order)


@directory_loader(TermKind.SOURCE.value)
def _sources() -> Iterable[Entry]:
    return _terms(TermKind.SOURCE)


@directory_loader(TermKind.STAGE.value)
def _stages() -> Iterable[Entry]:
    return _terms(TermKind.STAGE)


@directory_loader(INDUSTRIES, is_last_meant=True)
def _industries() -> Iterable[Entry]:
    """Of several classes of one name (教育 P and P83) the last is found: 大类, else 中类, 门类, 小类."""
    rows = sorted(Industry.objects.all(), key=lambda row: (FOUND_LAST.index(row.level), row.code))
    for row in rows:
        yield Entry(
            row.code, row.name, spellings(row.name, row.aliases), row.is_active, row.code[0], row.level
        )


FOUND_LAST = (4, 1, 3, 2)


def spellings(name: str, aliases: Iterable[str]) -> tuple[str, ...]:
    """The aliases, and name and aliases with and without the ending 业: 餐饮, 餐饮业; 软件, 软件业."""
    known = (name, *aliases)
    return (*aliases, *(word.removesuffix("业") if word.endswith("业") else word + "业" for word in known))


class TermField(Reference):
    """A term of one list."""

    def __init__(self, kind: TermKind) -> None:
        super().__init__(kind.value)
        self.reads_within = kind is TermKind.SOURCE
        self.is_way = kind is TermKind.STAGE  # its terms follow one another

    def parse(self, text: str, context: Context) -> Any:
        """A source is also read from the text around it: 2024年春季行业展会 is 展会."""
        directory = context.directory(self.directory)
        if not directory.meant(text) and self.reads_within:
            found = found_within(fold(text), directory.by_text)
            if found is not None:
                return found
        return super().parse(text, context)

    def ranks(self, context: Context) -> tuple[Any, ...]:
        """Stages sort in the office's order, those no longer used included."""
        return tuple(entry.key for entry in context.directory(self.directory).entries) if self.is_way else ()


def found_within(text: str, known: Mapping[str, tuple[Key, ...]]) -> Key | None:
    """The key whose spelling (two characters or more) is the longest in the text; None when two tie."""
    hits = [
        (len(spelling), keys) for spelling, keys in known.items() if len(spelling) > 1 and spelling in text
    ]
    longest = max((size for size, _keys in hits), default=0)
    keys = {key for size, found in hits if size == longest for key in found}
    return keys.pop() if len(keys) == 1 else None


class IndustryField(Reference):
    """An industry of GB/T 4754; 制造业-电子 style texts are read from their most exact part."""

    def __init__(self) -> None:
        super().__init__(INDUSTRIES)

    def parse(self, text: str, context: Context) -> Any:
        directory = context.directory(INDUSTRIES)
        parts = [
            text,
            *reversed([part for part in text.replace("—", "-").replace("－", "-").split("-") if part]),
        ]
        for part in parts:
            key = directory.find(part)
            if key is not None:
                return key
        raise Unreadable(_("行业表里没有“%(text)s”，请从列表里选") % {"text": text.strip()[:20]})

    def choices(self, context: Context) -> Choices:
        entries = [entry for entry in context.directory(INDUSTRIES).entries if entry.is_active]
        heads = {entry.key: entry.name for entry in entries if entry.order == 1}
        groups: dict[str, list[tuple[Any, str]]] = {name: [(key, name)] for key, name in heads.items()}
        for entry in entries:
            if entry.order == 2:
                groups[heads[entry.group]].append((entry.key, entry.name))
        return list(groups.items())

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        """A 门类 takes in everything below it."""
        found = Q()
        for text in texts:
            key = self.parse(text, context)
            found |= Q(**{f"{column}__gte": key, f"{column}__lt": after(key)})
        return found


def after(code: str) -> str:
    """The first code that is not below ``code``, in any collation: C → D, C39 → C40, F529 → F530."""
    digits = code[1:]
    if not digits.strip("9"):
        return chr(ord(code[0]) + 1)
    return f"{code[0]}{int(digits) + 1:0{len(digits)}}"
