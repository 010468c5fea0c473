"""bulk_undo: thousands are changed in one go and taken back, while others edit and processes die."""

import random
import threading
import time
from dataclasses import dataclass, field

from kebu.trials.drills.editors import CONFLICT
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.server import PATIENCE, Server
from kebu.trials.drills.sheets import sheet
from kebu.trials.drills.strikes import Victim
from kebu.trials.drills.undone import Row, judge_edit, judge_undo, rows_of
from kebu.trials.drills.verdict import Verdict
from kebu.trials.site.browser import Browser
from kebu.trials.site.forms import read_form

NAME = "bulk_undo"
ROWS = 3_000
EDITORS, EDITS = 3, 15
GLANCE = 0.2
CHANCE = random.Random(17)  # noqa: S311  repeatable, nothing secret


@dataclass(slots=True)
class Told:
    """What the server acknowledged of single edits: customer's id → the words it took, by field."""

    remark: dict[int, str] = field(default_factory=dict)
    need: dict[int, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def hold(ground: Ground, rounds: int) -> Verdict:
    """Each round changes every customer, lets others edit some of them, and takes the change back."""
    verdict = Verdict(NAME, rounds, ground.database.name)
    file = ground.site.folder / "drill.csv"
    file.write_bytes(sheet("批量演练", 800, ROWS, CHANCE).content)
    ground.site.command("import", str(file), "--as", "admin")
    usual = 0.0
    for turn in ground.turns(verdict):
        with Server(ground) as server:
            usual = one_round(server, turn, usual, verdict)
    return verdict


def one_round(server: Server, turn: int, usual: float, verdict: Verdict) -> float:
    """One change and its taking back, a strike into each; returns the seconds the taking back took."""
    ground, before = server.ground, rows_of(server.ground.database)
    marks = {"remark": f"第{turn}轮统一整理", "grade": "ABC"[turn % 3]}
    browser = ground.browser("admin")
    browser.get("/customers/?view=team")
    form = {"scope": "all", **marks, **{f"change-{name}": "1" for name in marks}}
    browser.post("/customers/edits/?view=team", form, fragment=True)
    edit, _seconds = carried_out(server, usual, verdict)
    changed = rows_of(ground.database)
    judge_edit(before, changed, marks, verdict)
    told = Told()
    edit_some(server, list(changed.values()), turn, told, 0)  # before the taking back
    tabs = threading.Thread(target=edit_some, args=(server, list(changed.values()), turn, told, 1))
    server.persist(lambda: browser.post(f"/batches/{edit}/undo/", {}, fragment=True))
    tabs.start()  # and meanwhile
    undo, seconds = carried_out(server, usual, verdict)
    tabs.join()
    counts = ground.database.rows(
        "SELECT total, changed_count, left_count FROM batches_batch WHERE code = %s", undo
    )[0]
    judge_undo(before, changed, rows_of(ground.database), told.remark, told.need, counts, verdict)
    ground.log.note(turn=turn, undo=undo, seconds=round(seconds, 2), counts=list(counts))
    verdict.count("single edits", len(told.remark) + len(told.need))
    verdict.count("conflicts", counts[2])
    return seconds


def carried_out(server: Server, usual: float, verdict: Verdict) -> tuple[str, float]:
    """Strike somewhere into the batch begun last and wait for its end; its code, and the seconds it took."""
    code = server.ground.database.rows("SELECT code FROM batches_batch ORDER BY id DESC LIMIT 1")[0][0]
    start, victim = time.monotonic(), CHANCE.choice([Victim.WORKER, Victim.BOTH, Victim.ALL])
    if usual:
        time.sleep(CHANCE.uniform(0, usual))
        server.suffer(victim)
        verdict.count(victim.value)
    deadline = start + PATIENCE
    while time.monotonic() < deadline:
        server.revive()
        state = server.ground.database.rows("SELECT state FROM batches_batch WHERE code = %s", code)[0][0]
        if state == "done":
            return code, time.monotonic() - start
        time.sleep(GLANCE)
    raise RuntimeError(f"batch {code} never ended")


def edit_some(server: Server, rows: list[Row], turn: int, told: Told, part: int) -> None:
    """Several people change single customers, the same field and another one."""
    chance = random.Random(turn * 10 + part)  # noqa: S311
    chosen = chance.sample(rows[part::2], EDITORS * EDITS)
    threads = [
        threading.Thread(target=edit_each, args=(server, chosen[n::EDITORS], f"{turn}-{part}-{n}", told))
        for n in range(EDITORS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def edit_each(server: Server, rows: list[Row], mark: str, told: Told) -> None:
    """One person, one customer after the other; an edit that got no answer is asked about afterwards."""
    tab = server.ground.browser("admin")
    for place, row in enumerate(rows):
        name = "remark" if place % 2 else "need"
        words = f"{name}-{mark}-{place}"
        path = f"/customers/{row.number}/field/{name}/"
        if _edited(server, tab, path, name, words):
            with told.lock:
                (told.remark if name == "remark" else told.need)[row.id] = words


def _edited(server: Server, tab: Browser, path: str, name: str, words: str) -> bool:
    """Say whether the server took it. The same words sent again change nothing more."""
    form = read_form(server.persist(lambda: tab.get(path, fragment=True)).text, "version")
    answer = server.persist(lambda: tab.post(path, form | {name: words}, fragment=True))
    if answer.status not in (200, 204, CONFLICT):
        raise RuntimeError(f"{path}: {answer.status} {answer.text[:300]}")
    return answer.status != CONFLICT
