"""What a change of all customers and its taking back must leave: read from the tables, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kebu.trials.drills.verdict import Verdict
from kebu.trials.site.database import Database

MOVING = {"version", "updated_at"}
WORST = 3  # examples told of each fault


@dataclass(frozen=True, slots=True)
class Row:
    """A customer as its table holds it."""

    values: Mapping[str, Any]

    @property
    def id(self) -> int:
        return int(self.values["id"])

    @property
    def number(self) -> str:
        return str(self.values["number"])

    def but(self, *names: str) -> dict[str, Any]:
        """Every column but those, and but those that any write moves."""
        return {name: value for name, value in self.values.items() if name not in MOVING | set(names)}


Rows = dict[int, Row]


def rows_of(database: Database) -> Rows:
    """Every column of every customer."""
    with database.connection.cursor() as cursor:
        cursor.execute("SELECT * FROM customers_customer ORDER BY id")
        names = [column[0] for column in cursor.description]
        rows = [Row(dict(zip(names, values, strict=True))) for values in cursor.fetchall()]
    return {row.id: row for row in rows}


def judge_edit(before: Rows, after: Rows, marks: Mapping[str, str], verdict: Verdict) -> None:
    """Every customer has the new values, written once, and is the same otherwise."""
    followed = ("verified", "unknown_fields", "completeness")
    for pk, row in after.items():
        old = before[pk]
        if any(row.values[name] != value for name, value in marks.items()):
            _fault(verdict, "lost", f"{row.number} was not changed")
        elif row.values["version"] != old.values["version"] + 1:
            _fault(verdict, "doubled", f"{row.number} was written more than once")
        elif row.but(*marks, *followed) != old.but(*marks, *followed):
            _fault(verdict, "wrong", f"{row.number} changed besides")


def judge_undo(
    before: Rows,
    changed: Rows,
    after: Rows,
    remarks: Mapping[int, str],
    needs: Mapping[int, str],
    counts: Sequence[int],
    verdict: Verdict,
) -> None:
    """Every customer is as it was, but for what somebody wrote since, which stands."""
    kept = either = 0  # left as they were changed; the same, but no different from taken back and edited then
    for pk, row in after.items():
        free = {name for name, told in (("remark", remarks), ("need", needs)) if pk in told}
        if pk in remarks and row.values["remark"] != remarks[pk]:
            _fault(verdict, "lost", f"{row.number}: the edit of remark was overwritten")
        if pk in needs and row.values["need"] != needs[pk]:
            _fault(verdict, "lost", f"{row.number}: the edit of need was overwritten")
        is_back = row.but(*free) == before[pk].but(*free)
        stays = pk in remarks and row.but(*free) == changed[pk].but(*free)
        kept += stays and not is_back
        either += stays and is_back
        if not stays and not is_back:
            _fault(verdict, "wrong", f"{row.number} is not as it was")
    total, done, left = counts
    if done + left != total or not kept <= left <= kept + either:
        words = f"told {done} and {left} of {total}, {kept} to {kept + either} are left as they were changed"
        _fault(verdict, "wrong", words)


def _fault(verdict: Verdict, kind: str, words: str) -> None:
    if getattr(verdict, kind) < WORST:
        verdict.fault(kind, words)
    else:
        setattr(verdict, kind, getattr(verdict, kind) + 1)
