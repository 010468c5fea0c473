"""Checking a file: every row read, every double found, nothing written to customers."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from django.conf import settings

from kebu.base.bulk.fresh import fresh
from kebu.base.bulk.rows import insert_many
from kebu.base.fields.directories import Context
from kebu.base.kit.tables import open_table
from kebu.crm.disputes.choices import Why
from kebu.exchange.dedupe.queries import Found, Known, find_matches
from kebu.exchange.imports.choices import Decision, Outcome
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.protecting import open_mapping
from kebu.exchange.imports.reading import Reader, Reading, cell_text
from kebu.exchange.imports.sheets import sheet_rows

CHUNK = 500
SAMPLE_MARKS = ("示例：", "示例:", "【示例】")
CLOSING = ("合计", "总计", "小计", "共计")


def file_path(source: Import) -> Path:
    """Where the uploaded file lies."""
    return Path(settings.MEDIA_ROOT) / source.path


def data_rows(source: Import, after: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Row numbers and texts of the rows below the header that hold data, those up to ``after`` left out."""
    with open_table(str(file_path(source))) as table:
        for row in sheet_rows(table, source.sheet):
            if row.number <= max(after, source.header_row):
                continue
            texts = [cell_text(cell) for cell in row.cells]
            if not (is_closing(texts) or is_sample(texts)):
                yield row.number, texts


def is_closing(texts: Sequence[str]) -> bool:
    """A line without values, or the closing line with the total."""
    filled = [text.strip() for text in texts if text.strip()]
    return not filled or (len(filled) <= 3 and filled[0].rstrip(":：").startswith(CLOSING))


def is_sample(texts: Sequence[str]) -> bool:
    """A row of the template that shows how to fill it in and was left standing."""
    return next((text.lstrip() for text in texts if text.strip()), "").startswith(SAMPLE_MARKS)


def chunks(rows: Iterable[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    """The rows in groups of CHUNK."""
    stream = iter(rows)
    while group := list(islice(stream, CHUNK)):
        yield group


def check_chunk(source: Import, group: Sequence[tuple[int, list[str]]], context: Context) -> list[ImportRow]:
    """Read and judge one group of rows and keep them, in the caller's transaction."""
    reader = Reader(open_mapping(source, context), source.headers, context)
    readings = [reader.read(cells) for _number, cells in group]
    found = matches_of(readings)
    earlier = Earlier(source, readings)
    rows = []
    for (number, cells), reading in zip(group, readings, strict=True):
        row = fresh(ImportRow, source_id=source.pk, number=number, cells=cells)
        row.source = source
        judge(row, reading, found, earlier, context)
        rows.append(row)
    insert_many(rows)
    return rows


def matches_of(readings: Iterable[Reading]) -> Found:
    """Customers that are there already for the names and phones of these rows."""
    usable = [reading for reading in readings if not reading.stops]
    return find_matches(
        name_keys={reading.name_key for reading in usable if reading.name_key},
        phones={phone for reading in usable for phone in phones_of(reading)},
    )


def phones_of(reading: Reading) -> list[str]:
    """The phones by which the row's customer could be known."""
    return [str(place["phone"]) for place in (reading.customer, reading.contact) if place.get("phone")]


class Earlier:
    """Names and phones of the rows of the same file that will be created."""

    def __init__(self, source: Import, readings: Iterable[Reading], before: int | None = None) -> None:
        readings = list(readings)
        keys = {reading.name_key for reading in readings if reading.name_key}
        phones = {phone for reading in readings for phone in phones_of(reading)}
        kept = source.rows.filter(outcome=Outcome.CREATE).order_by("-number")
        kept = kept.filter(number__lt=before) if before else kept
        self.names = dict(kept.filter(name_key__in=keys).values_list("name_key", "number"))
        self.phones = dict(kept.filter(phone__in=phones).values_list("phone", "number"))

    def find(self, reading: Reading) -> tuple[int, Why] | None:
        """The earlier row of the same name, or else of one of the phones."""
        if reading.name_key and reading.name_key in self.names:
            return self.names[reading.name_key], Why.NAME
        for phone in phones_of(reading):
            if phone in self.phones:
                return self.phones[phone], Why.PHONE
        return None

    def add(self, number: int, reading: Reading) -> None:
        """Remember a row that will be created."""
        if reading.name_key:
            self.names.setdefault(reading.name_key, number)
        for phone in phones_of(reading):
            self.phones.setdefault(phone, number)


def judge(row: ImportRow, reading: Reading, found: Found, earlier: Earlier, context: Context) -> None:
    """Set what the row will come to from its reading and its doubles."""
    row.reading = reading.as_json(context)
    row.problems = [problem.as_json() for problem in reading.problems]
    row.is_warned = any(not problem.creating for problem in reading.problems) and not reading.stops
    if reading.stops:
        row.outcome = Outcome.REJECT
        row.name_key = row.phone = ""
        matched(row, None, None)
    else:
        compare(row, reading, found, earlier)


def compare(row: ImportRow, reading: Reading, found: Found, earlier: Earlier) -> None:
    """Set what a row that can come in comes to, from its doubles in the house and further up in the file."""
    row.name_key, row.phone = reading.name_key, reading.phone
    double = earlier.find(reading)
    known = None if double else found.match(reading.name_key, phones_of(reading))
    matched(row, double, known)
    row.outcome = outcome_of(row)
    if row.outcome == Outcome.CREATE:
        earlier.add(row.number, reading)


def matched(row: ImportRow, double: tuple[int, Why] | None, known: tuple[Known, Why] | None) -> None:
    """Note the double of a row: an earlier row, or a customer as it is now."""
    row.match_row = double[0] if double else None
    row.match_id, row.match_version = (known[0].id, known[0].version) if known else (None, None)
    match = double or known
    row.match_why = match[1].value if match else ""
    row.is_double = match is not None


def outcome_of(row: ImportRow) -> Outcome:
    """What a row that can come in comes to, by its double and by what was decided for it; no new record is
    made of one that lacks what a new one must have."""
    found = _decided(row)
    missing = [problem for problem in row.problems if problem.get("creating")]
    for problem in missing:
        problem["stops"] = found == Outcome.CREATE
    return Outcome.REJECT if missing and found == Outcome.CREATE else found


def _decided(row: ImportRow) -> Outcome:
    if not row.is_double:
        return Outcome.CREATE
    decision = row.decision or row.source.policy
    if decision == Decision.CREATE:
        return Outcome.CREATE
    if decision in (Decision.UPDATE, Decision.FILL):
        return Outcome.UPDATE
    return Outcome.DUPLICATE
