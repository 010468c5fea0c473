"""double_submit: the same form sent eight times at once makes one record, and every answer says so."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from threading import Barrier

from kebu.trials.drills import aftermath
from kebu.trials.drills.doors import Door, doors, first_customer, kept_doors, office_doors, plan_door, target
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.server import Server
from kebu.trials.drills.sheets import sheet
from kebu.trials.drills.verdict import Verdict
from kebu.trials.drills.wizard import Wizard
from kebu.trials.site.browser import Answer, Browser

NAME = "double_submit"
AT_ONCE = 8
MARK = "演练"
EVERY = 50  # one round in so many is an import


def hold(ground: Ground, rounds: int) -> Verdict:
    """Send ``rounds`` forms, each eight times at once, through every create door in turn; then count."""
    verdict = Verdict(NAME, rounds, ground.database.name)
    with Server(ground) as server:
        browsers = {name: ground.browser(name) for name in ("xiaoshou", "admin")}
        crowds = {name: Crowd(browser) for name, browser in browsers.items()}
        every = all_doors(ground, first_customer(browsers["xiaoshou"], "被演练的客户", 99_999_999))
        turns = cycle(every)
        for serial in range(rounds):
            if serial % EVERY == EVERY - 1:
                bring_in(server, crowds["xiaoshou"], serial, verdict)
                continue
            door = next(door for door in turns if verdict.tally.get(door.kind, 0) < door.most)
            mark = f"{MARK}{door.kind}{serial:05d}"
            ask(crowds[door.who], door, browsers[door.who], mark, serial, ground, verdict)
            if door.removal:
                judge(ground, door, verdict, mark)
                take_away(ground, door, browsers[door.who], mark)
    for door in [door for door in every if not door.removal]:
        judge(ground, door, verdict)
    return verdict


def all_doors(ground: Ground, customer: str) -> list[Door]:
    """Every create door."""
    tag = ground.database.rows("SELECT min(id) FROM tags_tag")[0][0]
    owner = ground.database.rows("SELECT id FROM staff_user WHERE username = %s", "xiaoshou")[0][0]
    return [*doors(customer), plan_door(customer, owner), *kept_doors(), *office_doors(tag)]


class Crowd:
    """Eight tabs of one session that send at the same moment."""

    def __init__(self, browser: Browser) -> None:
        self.tabs = [browser.twin() for _ in range(AT_ONCE)]
        self.pool = ThreadPoolExecutor(AT_ONCE)
        self.barrier = Barrier(AT_ONCE)

    def send(self, path: str, form: dict[str, str]) -> list[Answer]:
        def one(tab: Browser) -> Answer:
            self.barrier.wait()
            return tab.post(path, form)

        return list(self.pool.map(one, self.tabs))


def ask(
    crowd: Crowd, door: Door, browser: Browser, mark: str, serial: int, ground: Ground, verdict: Verdict
) -> None:
    """One round: note what the server confirmed, and compare the answers with each other."""
    answers = crowd.send(door.address, door.filled(browser, mark, serial))
    said = compare_names(mark, answers, verdict) if door.is_by_name else compare(mark, answers, verdict)
    if any(answer.status < 400 for answer in answers):
        ground.log.note(kind=door.kind, mark=mark, said=said)
        verdict.count(door.kind)


def compare(mark: str, answers: Sequence[Answer], verdict: Verdict) -> list[tuple[int, str]]:
    """The answers must be one and the same, and no failure."""
    said = sorted({(answer.status, target(answer)) for answer in answers})
    if len(said) > 1 or said[0][0] >= 400:
        verdict.fault("wrong", f"{mark}: {said}")
    return said


def compare_names(mark: str, answers: Sequence[Answer], verdict: Verdict) -> list[tuple[int, str]]:
    """One is taken, the others are told that the name is there already."""
    taken = [(answer.status, target(answer)) for answer in answers if answer.status < 400]
    refused = {answer.status for answer in answers if answer.status >= 400}
    if len(taken) != 1 or refused - {409, 422}:
        verdict.fault("wrong", f"{mark}: taken {len(taken)} times, refused with {sorted(refused)}")
    return taken


def take_away(ground: Ground, door: Door, browser: Browser, mark: str) -> None:
    """Remove what was made where one may have only so many; the journal still tells of it."""
    sql = f"SELECT id FROM {door.table} WHERE {door.column} = %s"  # noqa: S608  names of our own tables
    for (pk,) in ground.database.rows(sql, mark):
        browser.post(door.removal % pk, {})


def bring_in(server: Server, crowd: Crowd, serial: int, verdict: Verdict) -> None:
    """A small import whose start is pressed eight times at once."""
    prefix = f"{MARK}导入{serial:05d}"
    file = sheet(prefix, 900 + serial // EVERY % 99, 20, random.Random(serial))  # noqa: S311  nothing secret
    wizard = Wizard(server, crowd.tabs[0].twin(), f"{prefix}.csv", file.content)

    def press(path: str, form: dict[str, str]) -> Answer:
        answers = crowd.send(path, form)
        compare(prefix, answers, verdict)
        return answers[0]

    wizard.press = press
    told = wizard.carry_through()
    server.ground.log.note(kind="import", mark=prefix, **told)
    verdict.count("import")
    aftermath.judge(server.ground.database, prefix, file, told, verdict)


def judge(ground: Ground, door: Door, verdict: Verdict, only: str = "") -> None:
    """Compare what was confirmed with what is there; of one mark, or of all of the door."""
    there = {mark: (records, entries) for mark, records, entries in _count(ground, door, only)}
    confirmed: Sequence[str] = [fact["mark"] for fact in ground.log.of(kind=door.kind)]
    for mark in [mark for mark in confirmed if only in ("", mark)]:
        records, entries = there.pop(mark, (0, 0))
        if not records:
            verdict.fault("lost", f"{mark} was confirmed and is not there")
        elif records > 1:
            verdict.fault("doubled", f"{mark} is there {records} times", records - 1)
        if entries != records:
            verdict.fault("wrong", f"{mark}: {records} records, {entries} entries of their making")
    for mark in there:
        verdict.fault("wrong", f"{mark} was never confirmed and is there")


def _count(ground: Ground, door: Door, only: str) -> list[tuple[str, int, int]]:
    """Mark, records of that mark, journal entries of their making."""
    sql = f"""
        SELECT r.{door.column}, count(DISTINCT r.id), count(j.id)
        FROM {door.table} r
        LEFT JOIN journal_journalentry j ON j.kind = %s AND j.record_id = r.id AND j.action = 'create'
        WHERE r.{door.column} LIKE %s GROUP BY r.{door.column}
    """  # noqa: S608  names of our own tables
    rows = ground.database.rows(sql, door.kind, only or f"{MARK}{door.kind}_____")
    return [(str(mark), int(records), int(entries)) for mark, records, entries in rows]
