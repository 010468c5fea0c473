"""Tags that a file names and the house does not have: which they are, and making them for who may."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import ALLOWED, field_named, rule_for
from kebu.base.journal.authors import Author
from kebu.exchange.imports.actions import start_check
from kebu.exchange.imports.choices import Outcome
from kebu.exchange.imports.correcting import correct
from kebu.exchange.imports.models import Import
from kebu.office.staff.models import User
from kebu.office.tags.actions import Refused, save
from kebu.office.tags.choices import TagState
from kebu.office.tags.fields import parts_of
from kebu.office.tags.models import TAGS, Tag, TagGroup
from kebu.office.tags.queries import may_add_to

COLUMN = "customer.tags"
MOST_ASKED = 30  # names in one go
MOST_READ = 5_000  # rows looked at for them
AT_ONCE = 300  # rows read again while one waits, more are checked in the background


class Wish(NamedTuple):
    """A name that is no tag yet, and in how many rows it stands."""

    name: str
    rows: int


def _cells(source: Import) -> Iterator[tuple[int, str]]:
    """The tag cells that were not understood, of rows that wait: row number and text."""
    column = source.mapping.index(COLUMN)
    rows = source.rows.filter(Q(is_warned=True) | Q(outcome=Outcome.REJECT)).order_by("number")
    for number, cells, problems in rows.values_list("number", "cells", "problems")[:MOST_READ]:
        if any(problem["column"] == column for problem in problems):
            yield number, cells[column]


def wished(source: Import, context: Context) -> list[Wish]:
    """What the file calls tags and nobody has made yet, the most frequent first."""
    if COLUMN not in source.mapping:
        return []
    known, found = context.directory(TAGS), Counter[str]()
    for _number, text in _cells(source):
        found.update(name for name in dict.fromkeys(parts_of(text)) if not known.meant(name))
    return [Wish(name, count) for name, count in found.most_common(MOST_ASKED)]


def groups_for(user: User) -> list[TagGroup]:
    """The groups in which this person may make tags; none, when he may not give any."""
    if rule_for(user, field_named(COLUMN)) not in ALLOWED[Use.CREATE]:
        return []
    return [group for group in TagGroup.objects.order_by("order", "pk") if may_add_to(user, group)]


def make(source: Import, names: Sequence[str], group: TagGroup, *, by: Author, at: datetime) -> int:
    """Make the tags in the group and read the rows that name them again; a row that names two of an exclusive
    group is still not understood. Gives how many were made."""
    count = 0
    with transaction.atomic():
        for name in names:
            if group.tags.exclude(state=TagState.GONE).filter(name__iexact=name).exists():
                continue
            values = {"name": name, "group": group, "colour": "grey", "help": "", "aliases": []}
            try:
                count += save(Tag(group=group), values, version=0, by=by, at=at)
            except Refused:  # somebody else just made it
                continue
    column, wanted = source.mapping.index(COLUMN), set(names)
    again = {number: {column: text} for number, text in _cells(source) if wanted & set(parts_of(text))}
    is_untouched = not source.rows.filter(Q(is_corrected=True) | ~Q(decision="")).exists()
    if len(again) > AT_ONCE and is_untouched:
        start_check(source)
    else:
        correct(source, again)
    return count
