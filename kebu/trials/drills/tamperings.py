"""Ways to tamper with the journal by plain SQL; each answers which place a verification must name, if any."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from kebu.trials.site.database import Database

TABLE, HEAD = "journal_journalentry", "journal_journalhead"
COLUMNS = (
    "at, author_id, author_name, door, address, batch, kind, record_id, record_name, action, version,"
    " customer_id, changes, salt, digest"
)
SETTINGS = {
    "at": "'2001-02-03 04:05:06'",
    "author_id": "coalesce(author_id, 0) + 1",
    "author_name": "'别人'",
    "door": "'api'",
    "address": "'203.0.113.9'",
    "batch": "'tampered'",
    "kind": "'cust'",
    "record_id": "record_id + 1",
    "record_name": "'另一家公司'",
    "action": "'verify'",
    "version": "version + 1",
    "customer_id": "coalesce(customer_id, 0) + 1",
    "changes": """'{{"remark": [null, "tampered"]}}'""",
    "salt": "digest",
    "digest": "seal",
    "seal": "digest",
    "id": "id + 1000000",
}


@dataclass(slots=True)
class Ledger:
    """The tables under attack: places from ``first`` to ``last``, and the end's row as it once was."""

    database: Database
    first: int
    last: int
    old_head: tuple[int, str, int, str]
    chance: random.Random

    def run(self, sql: str, *params: str | int | None) -> None:
        with self.database.connection.cursor() as cursor:
            cursor.execute(sql.format(t=TABLE, h=HEAD), params)

    def place(self, spare: int = 0) -> int:
        """A place of the chain, at least ``spare`` before its end."""
        return self.chance.randint(self.first, self.last - spare)

    def seal(self, seq: int) -> str:
        return str(self.database.rows(f"SELECT seal FROM {TABLE} WHERE seq = %s", seq)[0][0])


def change(ledger: Ledger) -> int | None:
    """One column of one entry."""
    seq, column = ledger.place(), ledger.chance.choice(sorted(SETTINGS))
    value = SETTINGS[column] if column != "salt" else "substr(digest, 1, 32)"
    ledger.run(f"UPDATE {{t}} SET {column} = {value} WHERE seq = %s", seq)
    return seq


def blank(ledger: Ledger) -> int | None:
    """The values of one entry gone, as if they had been erased by right."""
    seq = ledger.place()
    ledger.run("UPDATE {t} SET record_name = '', changes = '{{}}', salt = '' WHERE seq = %s", seq)
    return seq


def remove(ledger: Ledger) -> int | None:
    """One or a few entries in a row."""
    seq = ledger.place(6)
    ledger.run("DELETE FROM {t} WHERE seq BETWEEN %s AND %s", seq, seq + ledger.chance.randint(0, 4))
    return seq


def remove_and_close(ledger: Ledger) -> int | None:
    """One entry, and those behind it moved up."""
    seq = ledger.place(2)
    ledger.run("DELETE FROM {t} WHERE seq = %s", seq)
    ledger.run("UPDATE {t} SET seq = -(seq - 1) WHERE seq > %s", seq)
    ledger.run("UPDATE {t} SET seq = -seq WHERE seq < 0")
    return seq


def _copy(ledger: Ledger, seq: int | None) -> None:
    source = ledger.chance.choice([row[0] for row in ledger.database.rows(f"SELECT seq FROM {TABLE}")])
    ledger.run(
        f"INSERT INTO {{t}} ({COLUMNS}, seal, seq) SELECT {COLUMNS}, seal, %s FROM {{t}} WHERE seq = %s",
        seq,
        source,
    )


def insert(ledger: Ledger) -> int | None:
    """A copy of an entry put between two others, those behind it moved down."""
    seq = ledger.place()
    ledger.run("UPDATE {t} SET seq = -(seq + 1) WHERE seq >= %s", seq)
    ledger.run("UPDATE {t} SET seq = -seq WHERE seq < 0")
    _copy(ledger, seq)
    return seq


def append(ledger: Ledger) -> int | None:
    """A copy behind the last, waiting for a place, or where no place is."""
    place = ledger.chance.choice([ledger.last + 1, None, -7, ledger.last + 50])
    _copy(ledger, place)
    return None


def reorder(ledger: Ledger) -> int | None:
    """Two entries change places."""
    one, other = sorted(ledger.chance.sample(range(ledger.first, ledger.last + 1), 2))
    ledger.run("UPDATE {t} SET seq = -seq WHERE seq IN (%s, %s)", one, other)
    ledger.run("UPDATE {t} SET seq = %s WHERE seq = %s", other, -one)
    ledger.run("UPDATE {t} SET seq = %s WHERE seq = %s", one, -other)
    return one


def swap_contents(ledger: Ledger) -> int | None:
    """Two entries exchange what they say; each keeps its place and seals."""
    one, other = sorted(ledger.chance.sample(range(ledger.first, ledger.last + 1), 2))
    for column in ("record_name", "changes"):
        ledger.run(
            f"UPDATE {{t}} SET {column} = (SELECT o.{column} FROM {{t}} o WHERE o.seq = %s + %s - {{t}}.seq)"
            " WHERE seq IN (%s, %s)",
            one,
            other,
            one,
            other,
        )
    return one


def cut(ledger: Ledger) -> int | None:
    """The end gone, the row that knows the end left as it is."""
    seq = ledger.place()
    ledger.run("DELETE FROM {t} WHERE seq >= %s", seq)
    return seq


def cut_and_tell(ledger: Ledger) -> int | None:
    """The end gone, the row that knows the end written to fit; its mark needs a key."""
    seq = ledger.place(1)
    ledger.run("DELETE FROM {t} WHERE seq > %s", seq)
    head = (seq, ledger.seal(seq), seq - ledger.first + 1)
    ledger.run("UPDATE {h} SET seq = %s, seal = %s, count = %s", *head)
    return None


def put_back(ledger: Ledger) -> int | None:
    """Yesterday's tables put back, the row that knows the end included."""
    seq, seal, count, mark = ledger.old_head
    ledger.run("DELETE FROM {t} WHERE seq > %s", seq)
    ledger.run("UPDATE {h} SET seq = %s, seal = %s, count = %s, mark = %s", seq, seal, count, mark)
    return seq + 1


def drop_head(ledger: Ledger) -> int | None:
    """The row that knows the end gone."""
    ledger.run("DELETE FROM {h}")
    return None


TAMPERINGS: dict[str, tuple[int, Callable[[Ledger], int | None]]] = {
    "change": (30, change),
    "blank": (6, blank),
    "remove": (14, remove),
    "remove and close": (8, remove_and_close),
    "insert": (12, insert),
    "append": (8, append),
    "reorder": (10, reorder),
    "swap contents": (4, swap_contents),
    "cut": (8, cut),
    "cut and tell": (5, cut_and_tell),
    "put back": (4, put_back),
    "drop head": (1, drop_head),
}
