"""access_revoked: somebody loses his rights while sessions, links and jobs of his are open."""

import random
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product

from kebu.trials.drills.ground import Ground
from kebu.trials.drills.revoking import LOSSES, Loss, Person, Target, hired, lose
from kebu.trials.drills.sheets import sheet
from kebu.trials.drills.tries import knock, read_everywhere
from kebu.trials.drills.undone import Rows, rows_of
from kebu.trials.drills.verdict import Verdict
from kebu.trials.site.forms import read_form
from kebu.trials.site.installation import KEBU

NAME = "access_revoked"
ROWS, LOST, PATIENCE, GLANCE = 700, 10, 120.0, 0.05
CHANCE = random.Random(29)  # noqa: S311  repeatable, nothing secret
# In turn: each loss, with the job of the bulk change waiting or interrupted half-way.
CASES = tuple(product((False, True), LOSSES))


def hold(ground: Ground, rounds: int) -> Verdict:
    """Each round hires somebody, opens everything for him, takes it away, and tries every door."""
    verdict = Verdict(NAME, rounds, ground.database.name)
    file = ground.site.folder / "drill.csv"
    file.write_bytes(sheet("撤权演练", 700, ROWS, CHANCE).content)
    ground.site.command("import", str(file), "--as", "xiaoshou")
    with ground.errors.open("ab") as errors, ground.site.serving(errors=errors):
        for turn in ground.turns(verdict):
            is_begun, loss = CASES[turn % len(CASES)]
            one_round(ground, turn, loss, is_begun, verdict)
    return verdict


def one_round(ground: Ground, turn: int, loss: Loss, is_begun: bool, verdict: Verdict) -> None:
    """Open, take away, try, let the worker go on, and compare what is left."""
    faults = len(verdict.faults)
    person = hired(ground, turn, loss)
    targets = chosen(ground)
    person.begin_to_undo(ground, targets[-3:])
    if loss.brings_in:
        upload(ground, person, turn)
        with working(ground):
            until(lambda: state_of_import(ground, person) == "checked")
    batch = person.change_all(ground, f"第{turn}轮改过")
    if is_begun:
        with working(ground):
            until(lambda: bool(handled(ground, batch)))
    person.press_import()
    lose(ground, person, loss, targets)
    before = rows_of(ground.database)
    read_everywhere(person, targets, verdict)
    knock(person, targets, verdict)
    judge_rows(before, rows_of(ground.database), loss, targets, verdict)
    with working(ground):
        until(lambda: not waiting(ground))
    judge_rows(before, rows_of(ground.database), loss, targets, verdict)
    judge_imports(ground, turn, verdict)
    verdict.count(f"{loss.name}, job {'half done' if is_begun else 'waiting'}")
    verdict.count("tries", person.tries)
    ground.log.note(turn=turn, loss=loss.name, batch=batch, faults=verdict.faults[faults:])


def chosen(ground: Ground) -> list[Target]:
    """Customers that he loses for certain; the doors are tried with these."""
    rows = ground.database.rows(
        "SELECT id, number, name FROM customers_customer WHERE name LIKE %s ORDER BY id", "撤权演练%"
    )
    return [Target(*row) for row in CHANCE.sample(rows, LOST)]


def judge_rows(before: Rows, after: Rows, loss: Loss, targets: list[Target], verdict: Verdict) -> None:
    """Not a column of what he lost has moved; all is lost unless the loss is of single customers."""
    lost = {target.pk for target in targets} if loss.is_partial else set(before)
    for pk in sorted(lost):
        if pk not in after or after[pk].values != before[pk].values:
            verdict.fault("wrong", f"{loss.name}: {before[pk].number} was written afterwards")
    if len(after) != len(before) and not loss.is_partial:
        verdict.fault("wrong", f"{loss.name}: {len(after) - len(before)} customers more")


def judge_imports(ground: Ground, turn: int, verdict: Verdict) -> None:
    """His file brought in nothing."""
    sql = "SELECT count(*) FROM customers_customer WHERE name LIKE %s"
    if count := ground.database.rows(sql, f"撤权导入{turn}-%")[0][0]:
        verdict.fault("wrong", f"{count} rows of an import came in afterwards")


def upload(ground: Ground, person: Person, turn: int) -> None:
    """Give him an import to start."""
    tab = person.tabs[0]
    form = read_form(tab.get("/imports/").text, "csrfmiddlewaretoken")
    lines = "\n".join(f"撤权导入{turn}-{n}号有限公司,137{turn % 1000:03d}{n:05d}" for n in range(5))
    content = f"客户公司名称,联系方式\n{lines}\n".encode("utf-8-sig")
    tab.upload("/imports/", form, "file", "file.csv", content)
    sql = "SELECT max(id) FROM imports_import WHERE owner_id = %s"
    person.import_id = ground.database.rows(sql, person.pk)[0][0]


def state_of_import(ground: Ground, person: Person) -> str:
    """How far his import is."""
    sql = "SELECT state FROM imports_import WHERE id = %s"
    return str(ground.database.rows(sql, person.import_id)[0][0])


def handled(ground: Ground, batch: str) -> int:
    """How many the batch has had."""
    sql = "SELECT handled_count FROM batches_batch WHERE code = %s"
    return int(ground.database.rows(sql, batch)[0][0])


def waiting(ground: Ground) -> int:
    """Jobs of somebody that are not over."""
    sql = (
        "SELECT count(*) FROM jobs_job WHERE state IN ('queued', 'running') AND kind IN "
        "('batches.carry_out', 'imports.check', 'imports.commit')"
    )
    return int(ground.database.rows(sql)[0][0])


@contextmanager
def working(ground: Ground) -> Iterator[None]:
    """A worker for the block, ended by kill -9 whatever it is at."""
    with ground.errors.open("ab") as errors:
        worker = subprocess.Popen(
            [*KEBU, "worker"], env=ground.site.environ, stdout=subprocess.DEVNULL, stderr=errors
        )
        try:
            yield
        finally:
            worker.kill()
            worker.wait(30)


def until(is_so: Callable[[], bool]) -> None:
    """Wait for it."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise RuntimeError("what was waited for never came")
        time.sleep(GLANCE)
