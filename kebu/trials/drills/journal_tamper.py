"""journal_tamper: the journal is tampered with by SQL in every way; each time the verification must tell."""

import json
import random
import subprocess
from typing import IO, Any, Self

from kebu.trials.drills.ground import Ground
from kebu.trials.drills.sheets import sheet
from kebu.trials.drills.tamperings import HEAD, TABLE, TAMPERINGS, Ledger
from kebu.trials.drills.verdict import Verdict
from kebu.trials.site.installation import KEBU

NAME = "journal_tamper"
ROWS = 60
CLEAN_EVERY = 25  # rounds between two looks at the untouched journal


def hold(ground: Ground, rounds: int) -> Verdict:
    """Tamper ``rounds`` times, verify each time, put the tables back."""
    verdict, chance = Verdict(NAME, rounds, ground.database.name), random.Random(20261122)  # noqa: S311
    with Verifier(ground) as verifier:
        bring_in(ground, 0)
        verifier.ask("anchor")
        old_head = ground.database.rows(f"SELECT seq, seal, count, mark FROM {HEAD}")[0]
        bring_in(ground, 1)
        verifier.ask("anchor")
        judge_clean(verifier, verdict)
        keep(ground)
        first, last = ground.database.rows(f"SELECT min(seq), max(seq) FROM {TABLE}")[0]
        ledger = Ledger(ground.database, first, last, old_head, chance)
        names = list(TAMPERINGS)
        weights = [weight for weight, _way in TAMPERINGS.values()]
        for number in ground.turns(verdict):
            name = chance.choices(names, weights)[0]
            judge(name, TAMPERINGS[name][1](ledger), verifier.ask("verify"), verdict)
            put_back(ground)
            if number % CLEAN_EVERY == CLEAN_EVERY - 1:
                judge_clean(verifier, verdict)
    return verdict


def bring_in(ground: Ground, serial: int) -> None:
    """Entries as they come about: a small import."""
    file = ground.site.folder / f"drill-{serial}.csv"
    file.write_bytes(sheet(f"日志演练{serial}", 700 + serial, ROWS, random.Random(serial)).content)  # noqa: S311
    ground.site.command("import", str(file), "--as", "admin")


def judge(name: str, place: int | None, found: dict[str, Any], verdict: Verdict) -> None:
    """It must be found, and the place named where there is one."""
    verdict.count(name)
    if found["clean"]:
        verdict.fault("lost", f"{name} at {place} was not found")
    elif place is not None and place not in {finding["seq"] for finding in found["findings"]}:
        verdict.fault("wrong", f"{name} at {place}: {found['findings'][:2]}")


def judge_clean(verifier: "Verifier", verdict: Verdict) -> None:
    """An untouched journal is whole."""
    found = verifier.ask("verify")
    if not found["clean"]:
        verdict.fault("wrong", f"untouched, but {found['findings'][:2]}")


def keep(ground: Ground) -> None:
    """Keep the tables as they are."""
    with ground.database.connection.cursor() as cursor:
        for table in (TABLE, HEAD):
            cursor.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")


def put_back(ground: Ground) -> None:
    """Take the tampering back."""
    with ground.database.connection.cursor() as cursor:
        for table in (TABLE, HEAD):
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")


class Verifier:
    """A process of the installation that verifies whenever it is asked."""

    def __init__(self, ground: Ground) -> None:
        self.process = subprocess.Popen(
            [*KEBU, "drill_verifier"],
            env=ground.site.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        _pipe(self.process.stdin).close()
        self.process.wait(30)

    def ask(self, word: str) -> dict[str, Any]:
        """One answer."""
        writer = _pipe(self.process.stdin)
        writer.write(f"{word}\n")
        writer.flush()
        answer: dict[str, Any] = json.loads(_pipe(self.process.stdout).readline())
        return answer


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise RuntimeError("the verifier has no pipe")
    return pipe
