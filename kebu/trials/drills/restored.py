"""What a restored installation holds, compared with what the client was told before the backup began."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from kebu.trials.drills.acknowledgements import Fact
from kebu.trials.drills.verdict import Verdict
from kebu.trials.site.database import Database

CUSTOMERS = """
    SELECT c.number,
      (SELECT count(*) FROM journal_journalentry j
       WHERE j.kind = 'customer' AND j.action = 'create' AND j.record_id = c.id),
      (SELECT count(*) FROM search_customer s WHERE s.id = c.id),
      c.interaction_count - (SELECT count(*) FROM interactions_interaction i WHERE i.customer_id = c.id),
      c.version - (SELECT max(j.version) FROM journal_journalentry j
       WHERE j.kind = 'customer' AND j.record_id = c.id)
    FROM customers_customer c
"""
PARTS = ("entries of its making", "search entries", "follow-ups too many", "versions too many")
SOUND = (1, 1, 0, 0)
STRAYS = {
    "contacts without customer": "SELECT count(*) FROM contacts_contact "
    "WHERE customer_id NOT IN (SELECT id FROM customers_customer)",
    "search entries without customer": "SELECT count(*) FROM search_customer "
    "WHERE id NOT IN (SELECT id FROM customers_customer)",
    "entries of customers that are not there": "SELECT count(*) FROM journal_journalentry "
    "WHERE kind = 'customer' AND record_id NOT IN (SELECT id FROM customers_customer)",
}
FILES = "SELECT file_name, path, sha256 FROM imports_import"


def judge(
    database: Database, files: Path, told: Sequence[Fact], sent: Sequence[Fact], verdict: Verdict
) -> None:
    """Everything told before is there, once; nothing is there that nobody sent; what belongs together is."""
    places = {(fact["table"], fact["column"]) for fact in sent}
    for table, column in places:
        found = Counter(row[0] for row in database.rows(f"SELECT {column} FROM {table}"))  # noqa: S608
        compare(
            Counter({mark: number for mark, number in found.items() if mark.startswith("演练")}),
            {fact["mark"] for fact in told if fact["table"] == table},
            {fact["mark"] for fact in sent},
            verdict,
        )
    for words in (*unsound_customers(database), *missing_files(database, files)):
        verdict.fault("wrong", words)


def compare(found: Counter[str], told: set[str], sent: set[str], verdict: Verdict) -> None:
    """What stands in a column against what was told and sent; a new customer names his contact."""
    for mark in told - found.keys():
        verdict.fault("lost", f"{mark} was accepted before the backup began and is not in it")
    for mark, number in found.items():
        if mark.removesuffix("联系人") not in sent:
            verdict.fault("wrong", f"{mark} was never sent")
        if number > 1:
            verdict.fault("doubled", f"{mark} is there {number} times", number - 1)


def unsound_customers(database: Database) -> Iterator[str]:
    """Customers of whom something is missing or too much."""
    for number, *counts in database.rows(CUSTOMERS):
        if tuple(counts) != SOUND:
            yield f"{number}: {dict(zip(PARTS, counts, strict=True))}"
    for words, sql in STRAYS.items():
        if number := database.rows(sql)[0][0]:
            yield f"{number} {words}"


def missing_files(database: Database, files: Path) -> Iterator[str]:
    """Rows whose file is not there bit for bit."""
    for name, path, sha256 in database.rows(FILES):
        place = files / path
        if not place.is_file() or hashlib.sha256(place.read_bytes()).hexdigest() != sha256:
            yield f"{name}: its file {path} is not there as it was"
