"""Verbs over checked rows: put other texts into cells, say what to do with rows that exist already."""

from collections.abc import Iterable, Mapping
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.exchange.imports.checking import CHUNK, Earlier, compare, judge, matches_of, outcome_of
from kebu.exchange.imports.choices import Decision, Outcome, State
from kebu.exchange.imports.committing import importer
from kebu.exchange.imports.hidden import NumbersSpent, stopped, tell_hidden
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.protecting import open_mapping
from kebu.exchange.imports.reading import Reader, from_json

JUDGED = (
    "cells", "reading", "problems", "name_key", "phone", "outcome", "match_id", "match_version",
    "match_row", "match_why", "is_double", "is_warned", "corrected",
    "is_corrected",
)  # fmt: skip
Corrections = Mapping[int, Mapping[int, str]]  # row number → column → text


class NotNow(Exception):
    """The rows of an import change only between check and import."""


def held(source: Import) -> Import:
    """The import locked for the transaction; raises NotNow unless it is checked and waits for its import."""
    locked = Import.objects.select_for_update().get(pk=source.pk)
    if locked.state != State.CHECKED:
        raise NotNow
    return locked


def correct(source: Import, corrections: Corrections) -> list[ImportRow]:
    """Put the texts into the cells of checked rows and judge these rows anew, and what doubles them.

    Raises Unreadable, and nothing is changed, when they find more masked numbers than a day allows.
    """
    try:
        return _corrected_rows(source, corrections)
    except NumbersSpent:
        raise stopped(by=importer(source).by, at=timezone.now()) from None


@transaction.atomic
def _corrected_rows(source: Import, corrections: Corrections) -> list[ImportRow]:
    source = held(source)
    hand = importer(source)
    context = hand.context
    rows = list(source.rows.filter(number__in=corrections).order_by("number"))
    for row in rows:
        _correct(source, row, corrections[row.number], context)
    tell_hidden(rows, hand.user, by=hand.by, at=timezone.now())
    followers = source.rows.filter(match_row__in=[row.number for row in rows])
    for row in followers.exclude(number__in=corrections):
        reading = from_json(row.reading)
        compare(row, reading, matches_of([reading]), Earlier(source, [reading], before=row.number))
        row.save(update_fields=JUDGED)
    return rows


def _correct(source: Import, row: ImportRow, texts: Mapping[int, str], context: Context) -> None:
    row.source = source
    cells = list(row.cells) + [""] * (len(source.headers) - len(row.cells))
    for column, text in texts.items():  # a form sends all its cells; blanks around a text are no correction
        if 0 <= column < len(cells) and text.strip() != str(cells[column]).strip():
            row.corrected = corrected(row, column, cells[column], text)
            cells[column] = text
    row.cells, row.is_corrected = cells, bool(row.corrected)
    reading = Reader(open_mapping(source, context), source.headers, context).read(cells)
    judge(row, reading, matches_of([reading]), Earlier(source, [reading], before=row.number), context)
    row.save(update_fields=JUDGED)


def corrected(row: ImportRow, column: int, text: str, wanted: str) -> dict[str, str]:
    """The texts of before with this cell's; one that is put back as it was is corrected no longer."""
    before: dict[str, str] = {str(column): text, **row.corrected}
    return {key: was for key, was in before.items() if key != str(column) or was != wanted}


@transaction.atomic
def see(source: Import, number: int, version: int) -> None:
    """Note the version of the customer that somebody had before him when he decided: it is later than the
    check's when others changed it meanwhile, and what he saw is no conflict."""
    rows = held(source).rows.filter(number=number, match_id__isnull=False, match_version__lt=version)
    rows.update(match_version=version)


@transaction.atomic
def decide(source: Import, numbers: Iterable[int], decision: Decision) -> None:
    """Say what to do with single rows that exist already."""
    source = held(source)
    rows = list(source.rows.filter(number__in=list(numbers), is_double=True))
    for row in rows:
        row.source, row.decision = source, decision
        row.outcome = outcome_of(row)
    ImportRow.objects.bulk_update(rows, ["decision", "outcome", "problems"], batch_size=300)


@transaction.atomic
def decide_rest(source: Import, policy: Decision) -> int:
    """Say what to do with the rows that exist already and were not decided one by one; returns how many.

    They keep following the policy of the import, so the one before takes them back.
    """
    source = held(source)
    source.policy = policy
    source.save(update_fields=["policy"])
    outcome = {Decision.SKIP: Outcome.DUPLICATE, Decision.CREATE: Outcome.CREATE}
    rest = doubles(source).filter(decision="")
    count = rest.update(outcome=outcome.get(policy, Outcome.UPDATE))
    lacking = rest.exclude(problems=[]).order_by("pk").iterator(chunk_size=CHUNK)
    while rows := list(islice(lacking, CHUNK)):  # what cannot be made anew is not
        for row in rows:
            row.source = source
            row.outcome = outcome_of(row)
        ImportRow.objects.bulk_update(rows, ["outcome", "problems"], batch_size=300)
    return count


def doubles(source: Import) -> QuerySet[ImportRow]:
    """Rows that can come in and exist already, in the house or further up in the file."""
    return source.rows.filter(is_double=True)
