"""What the settings show of own fields."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from dataclasses import field as part

from kebu.base.fields.fieldsets import FIELD_SETS, Field
from kebu.base.fields.kinds import Choice, MultiChoice
from kebu.base.ui.paging import Count, capped_count
from kebu.office.custom_fields.choices import FieldState, Subject, ValueKind
from kebu.office.custom_fields.kinds import OwnChoice
from kebu.office.custom_fields.models import OwnField
from kebu.office.custom_fields.reading import filled

Users = Callable[[str], Iterable[str]]
_USERS: list[Users] = []


def used_in(users: Users) -> Users:
    """Tell who uses a field (customer.f12), in words: a saved view say; rooms above know them."""
    _USERS.append(users)
    return users


def users_of(row: OwnField) -> list[str]:
    """What would miss the field."""
    return [word for users in _USERS for word in users(row.key)]


def filled_count(row: OwnField) -> Count:
    """How many records have a value, up to a thousand."""
    return capped_count(filled(row))


@dataclass(slots=True)
class Line:
    """One field of a section as the settings show it; born ones that stand together are one line, without a
    row, and ``field`` is the last of them."""

    field: Field
    row: OwnField | None
    labels: list[str] = part(default_factory=list)
    is_first: bool = False
    is_last: bool = False

    @property
    def kind(self) -> str:
        return str(ValueKind(self.row.value_kind).label) if self.row else ""


@dataclass(slots=True)
class Section:
    """A section of the form with its fields in order."""

    title: str
    lines: list[Line] = part(default_factory=list)

    @property
    def has_own(self) -> bool:
        """Say whether a field of the office's own is among them."""
        return any(line.row for line in self.lines)

    @property
    def first_own(self) -> OwnField | None:
        """By whose address the section is put in order."""
        return next((line.row for line in self.lines if line.row), None)

    def add(self, line: Line) -> None:
        """One more line, or one more label of the born ones before it."""
        if line.row is None and self.lines and self.lines[-1].row is None:
            self.lines[-1].labels.append(line.field.label)
            self.lines[-1].field = line.field
        else:
            self.lines.append(line)
            line.labels = [line.field.label]


def sections(subject: Subject) -> list[Section]:
    """All sections of the form, with born and own fields."""
    rows = {row.name: row for row in OwnField.objects.filter(subject=subject, state=FieldState.ACTIVE)}
    found: dict[str, Section] = {}
    for item in FIELD_SETS[subject].values():
        title = str(item.section)
        if item.is_editable or item.is_own:
            found.setdefault(title, Section(title)).add(Line(item, rows.get(item.name)))
    for section in found.values():
        section.lines[0].is_first = section.lines[-1].is_last = True
    return list(found.values())


def binned(subject: Subject) -> list[OwnField]:
    """What lies in the bin, the last first."""
    return list(OwnField.objects.filter(subject=subject, state=FieldState.BINNED).order_by("-binned_at"))


def section_names(subject: str) -> list[str]:
    """The sections there are."""
    return list(dict.fromkeys(str(item.section) for item in FIELD_SETS[subject].values()))


def deciding(subject: str, but: str = "") -> list[tuple[Field, list[tuple[str, str]]]]:
    """The fields of choices with which others can be shown, and their choices."""
    found = []
    for item in FIELD_SETS[subject].values():
        if not item.is_editable or item.name in (but, "kind") or item.shown_with:
            continue
        if isinstance(item.kind, OwnChoice):
            found.append((item, [(one.key, one.name) for one in item.kind.options if one.is_active]))
        elif isinstance(item.kind, Choice) and not isinstance(item.kind, MultiChoice):
            found.append((item, [(str(value), str(label)) for value, label in item.kind.enum.choices]))
    return found
