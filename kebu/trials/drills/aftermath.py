"""What an import left behind, compared with its file and with what the result page said."""

from collections.abc import Iterator

from kebu.trials.drills.acknowledgements import Fact
from kebu.trials.drills.sheets import Sheet
from kebu.trials.drills.verdict import Verdict
from kebu.trials.site.database import Database

CUSTOMERS = """
    SELECT c.name, count(*),
      count(DISTINCT c.number),
      sum((SELECT count(*) FROM journal_journalentry j
           WHERE j.kind = 'customer' AND j.action = 'create' AND j.record_id = c.id)),
      sum((SELECT count(*) FROM search_customer s WHERE s.id = c.id)),
      sum((SELECT count(*) FROM contacts_contact p WHERE p.customer_id = c.id)),
      sum((SELECT count(*) FROM imports_importrow r
           WHERE r.source_id = %s AND r.customer_id = c.id AND r.outcome = 'create'))
    FROM customers_customer c WHERE c.name LIKE %s GROUP BY c.name
"""
PARTS = ("customers", "numbers", "entries of its making", "search entries", "contacts", "rows")
ROWS = """
    SELECT outcome, count(*), count(DISTINCT number)
    FROM imports_importrow WHERE source_id = %s GROUP BY outcome
"""
OPEN = "SELECT count(*) FROM imports_importrow WHERE source_id = %s AND NOT is_done"


def judge(database: Database, prefix: str, file: Sheet, told: Fact, verdict: Verdict) -> None:
    """Every row has one outcome, every new name one customer with all that belongs to it."""
    source = told["import"]
    if told["created"] != len(file.names):
        verdict.fault("wrong", f"{prefix}: told {told}, file has {len(file.names)} new customers")
    for words in row_faults(database, source, file):
        verdict.fault("wrong", f"{prefix}: {words}")
    there = {
        str(row[0]): [int(number) for number in row[1:]]
        for row in database.rows(CUSTOMERS, source, f"{prefix}%")
    }
    for name in file.names - there.keys():
        verdict.fault("lost", f"{name} is not there")
    for name, numbers in there.items():
        if name not in file.names:
            verdict.fault("wrong", f"{name} is not in the file")
        elif numbers[0] > 1:
            verdict.fault("doubled", f"{name} is there {numbers[0]} times", numbers[0] - 1)
        elif numbers != [1] * len(PARTS):
            verdict.fault("wrong", f"{name}: {dict(zip(PARTS, numbers, strict=True))}")


def row_faults(database: Database, source: int, file: Sheet) -> Iterator[str]:
    """What is wrong with the rows of the import."""
    counts = {outcome: (rows, numbers) for outcome, rows, numbers in database.rows(ROWS, source)}
    wanted = {"create": len(file.names), "reject": file.rejected, "duplicate": file.repeated}
    for outcome, number in wanted.items():
        if (rows := counts.pop(outcome, (0, 0))) != (number, number):
            yield f"{outcome}: rows and distinct numbers {rows}, the file has {number}"
    if counts:
        yield f"other outcomes: {counts}"
    if still_open := database.rows(OPEN, source)[0][0]:
        yield f"{still_open} rows are not done"
