"""double_submit: the same form sent several times at once makes one record, and every answer says so."""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from threading import Barrier

from kebu.trials.drills import aftermath
from kebu.trials.drills.doors import MARK, Door, Trace, Words, mark_of, target
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.server import Server
from kebu.trials.drills.sheets import sheet
from kebu.trials.drills.stage import DOORS, Stage, set_stage
from kebu.trials.drills.verdict import Verdict
from kebu.trials.drills.wizard import Wizard
from kebu.trials.site.browser import Answer, Browser

NAME = "double_submit"
TWICE, MANY = 2, 8
OFTEN = 0.1  # of the rounds send many times, the others twice
EVERY = 200  # one round in so many is an import
ANEW = 8  # one in so many forms is opened for it; the others are as served before, with a fresh key
CHANCE = random.Random(53)  # noqa: S311  repeatable, nothing secret


def hold(ground: Ground, rounds: int) -> Verdict:
    """Send ``rounds`` forms, each twice or eight times at once, through every create door in turn; count."""
    verdict = Verdict(NAME, rounds, ground.database.name)
    with Server(ground) as server:
        stage, turns = set_stage(ground), cycle(DOORS)
        crowds = {name: Crowd(browser) for name, browser in stage.browsers.items()}
        for serial in ground.turns(verdict):
            if serial % EVERY == EVERY - 1:
                bring_in(server, crowds["xiaoshou"], serial, verdict)
                continue
            door = next(door for door in turns if verdict.tally.get(door.code, 0) < door.most)
            go_through(door, stage, crowds[door.who], serial, verdict)
    for door in [door for door in DOORS if not door.removal]:
        judge(ground, door, verdict)
    return verdict


class Crowd:
    """Tabs of one session that send at the same moment."""

    def __init__(self, browser: Browser) -> None:
        self.tabs = [browser.twin() for _ in range(MANY)]
        self.pool = ThreadPoolExecutor(MANY)

    def send(self, press: Callable[[Browser], Answer], times: int = MANY) -> list[Answer]:
        """Let so many of them press at once."""
        barrier = Barrier(times)

        def one(tab: Browser) -> Answer:
            barrier.wait()
            return press(tab)

        return list(self.pool.map(one, self.tabs[:times]))


def go_through(door: Door, stage: Stage, crowd: Crowd, serial: int, verdict: Verdict) -> None:
    """One round: note what the server confirmed, compare the answers, take away what may not pile up."""
    browser, mark, words = stage.browsers[door.who], mark_of(door.code, serial), stage.words
    if door.before:
        words = door.before(browser, mark, serial, words, stage.key_of)
    path = door.address.format(**words)
    served = stage.served(door, words, is_anew=CHANCE.random() < 1 / ANEW)
    form = served | door.typed(mark, serial, words)
    times = MANY if CHANCE.random() < OFTEN else TWICE
    answers = crowd.send(lambda tab: door.send(tab, path, form, mark), times)
    said = compare(mark, answers, verdict) if door.claims else compare_names(mark, answers, verdict)
    verdict.count("forms", times)
    if not any(answer.status < 400 for answer in answers):
        return
    known = said[0][1] if door.by_target else mark
    stage.ground.log.note(kind=door.code, mark=known, said=said)
    verdict.count(door.code)
    if door.removal:
        judge(stage.ground, door, verdict, known)
        take_away(stage, door, words, known)


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


def take_away(stage: Stage, door: Door, words: Words, mark: str) -> None:
    """Remove what was made where one may have only so many; the journal still tells of it."""
    rows = stage.ground.database.rows(f"SELECT id FROM {door.traces[0].rows} r WHERE mark = %s", mark)  # noqa: S608
    paths = [door.removal % pk for (pk,) in rows]
    for path in [*paths, door.after.format(**words)] if door.after else paths:
        stage.browsers[door.who].post(path, {"version": "1"})


def bring_in(server: Server, crowd: Crowd, serial: int, verdict: Verdict) -> None:
    """A small import whose start is pressed eight times at once."""
    prefix = f"{MARK}导入{serial:05d}"
    file = sheet(prefix, 900 + serial // EVERY % 99, 20, random.Random(serial))  # noqa: S311  nothing secret
    wizard = Wizard(server, crowd.tabs[0].twin(), f"{prefix}.csv", file.content)

    def press(path: str, form: dict[str, str]) -> Answer:
        answers = crowd.send(lambda tab: tab.post(path, form))
        compare(prefix, answers, verdict)
        return answers[0]

    wizard.press = press
    told = wizard.carry_through()
    server.ground.log.note(kind="import", mark=prefix, **told)
    verdict.count("import")
    aftermath.judge(server.ground.database, prefix, file, told, verdict)


def judge(ground: Ground, door: Door, verdict: Verdict, only: str = "") -> None:
    """Compare what was confirmed with what is there, in each table the door writes; of one mark, or all."""
    confirmed: Sequence[str] = [fact["mark"] for fact in ground.log.of(kind=door.code)]
    for trace in door.traces:
        there = {mark: (records, entries) for mark, records, entries in _count(ground, door, trace, only)}
        for mark in [mark for mark in confirmed if only in ("", mark)]:
            records, entries = there.pop(mark, (0, 0))
            if not records:
                verdict.fault("lost", f"{mark} was confirmed and is not there: {trace.table}")
            elif records > 1:
                verdict.fault("doubled", f"{mark} is there {records} times: {trace.table}", records - 1)
            if trace.kind and entries != records:
                verdict.fault("wrong", f"{mark}: {records} records, {entries} entries of their making")
        for mark in there:
            verdict.fault("wrong", f"{mark} was never confirmed and is there: {trace.table}")


def _count(ground: Ground, door: Door, trace: Trace, only: str) -> list[tuple[str, int, int]]:
    """Mark, records of that mark, journal entries of their making."""
    sql = f"""
        SELECT r.mark, count(DISTINCT r.id), count(j.id) FROM {trace.rows} r
        LEFT JOIN journal_journalentry j ON j.kind = %s AND j.record_id = r.id AND j.action = 'create'
        WHERE r.mark LIKE %s GROUP BY r.mark
    """  # noqa: S608  names of our own tables
    rows = ground.database.rows(sql, trace.kind, only or door.pattern())
    return [(str(mark), int(records), int(entries)) for mark, records, entries in rows]
