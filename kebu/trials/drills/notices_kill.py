"""notices_kill: a hundred thousand notices are told and sent while workers die every two seconds."""

import json
import random
import threading
import time
from collections import Counter
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from kebu.trials.drills.crews import Crew, shell
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.tasks import LOUD_EVERY
from kebu.trials.drills.verdict import Verdict

NAME = "notices_kill"
MOST, A_ROUND = 100_000, 2_500  # notices
EVERY = 2.0  # seconds between strikes, on average
PATIENCE = 900.0
CHANCE = random.Random(47)  # noqa: S311  repeatable, nothing secret
WORK = """
from django.utils import timezone
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.office.notices.channels import add_channel
from kebu.office.staff.models import User
author = Author.for_user(User.objects.earliest('pk'), Door.COMMAND)
values = {{'way': 'webhook', 'name': 'drill', 'address': '{address}', 'secret': 'of-the-drill-only'}}
add_channel(None, values | {{'kinds': ['notices.test']}}, by=author, at=timezone.now())
Job.objects.enqueue('drills.tell', {{'total': {total}}})
"""
TOLD = "SELECT key, count(*) FROM notices_notice WHERE key LIKE 'drill:%%' GROUP BY key"
SENT = (
    "SELECT n.key, d.state FROM notices_delivery d JOIN notices_notice n ON n.id = d.notice_id "
    "WHERE n.key LIKE 'drill:%%'"
)
OPEN = "SELECT count(*) FROM notices_delivery WHERE state IN ('waiting', 'sending', 'failed')"
TELLING = "SELECT count(*) FROM jobs_job WHERE kind = 'drills.tell' AND state <> 'done'"
PROGRESS = (
    "SELECT (SELECT progress_done FROM jobs_job WHERE kind = 'drills.tell'),"
    " (SELECT count(*) FROM notices_delivery WHERE state IN ('sent', 'unconfirmed'))"
)


class Receiver:
    """The other side: counts what arrives under which key; takes its time, so that death finds it at work."""

    def __init__(self) -> None:
        self.heard: Counter[str] = Counter()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.heard[said["key"]] += 1
                time.sleep(CHANCE.uniform(0, 0.02))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"


def hold(ground: Ground, rounds: int) -> Verdict:
    """Each round is a strike at every worker; then what is left is done in peace, and counted."""
    verdict, total = Verdict(NAME, rounds, ground.database.name), min(MOST, rounds * A_ROUND)
    with Receiver() as receiver:
        ground.site.environ["KEBU_LAN_HOSTS"] = receiver.host
        shell(ground, WORK.format(address=f"http://{receiver.host}/", total=total))
        with Crew(ground, 2) as crew:
            strikes = suffer(crew, rounds)
            crew.wait(lambda: is_over(ground), "the end of everything that was to be told", PATIENCE)
    verdict.count("strikes", strikes)
    judge_inbox(ground, total, verdict)
    judge_outside(ground, receiver.heard, total, strikes, verdict)
    return verdict


def suffer(crew: Crew, rounds: int) -> int:
    """Strike again and again, each time after something has been done since the last strike."""
    strikes, database = 0, crew.ground.database
    while strikes < rounds and not is_over(crew.ground):
        before = database.rows(PROGRESS)
        crew.wait(partial(has_moved, crew.ground, before), "progress")
        time.sleep(CHANCE.uniform(0, EVERY))
        crew.kill()
        crew.start()
        strikes += 1
    return strikes


def has_moved(ground: Ground, before: list[tuple[Any, ...]]) -> bool:
    """Something was told or sent since."""
    return ground.database.rows(PROGRESS) != before or is_over(ground)


def is_over(ground: Ground) -> bool:
    """Everything is told, and nothing waits to be sent."""
    return not (ground.database.rows(TELLING)[0][0] or ground.database.rows(OPEN)[0][0])


def judge_inbox(ground: Ground, total: int, verdict: Verdict) -> None:
    """Every notice is in the inbox, once."""
    found = dict(ground.database.rows(TOLD))
    for number in range(total):
        count = found.get(f"drill:{number}", 0)
        if count != 1:
            verdict.fault("doubled" if count else "lost", f"notice {number} is there {count} times")
    verdict.count("notices", len(found))


def judge_outside(ground: Ground, heard: Counter[str], total: int, strikes: int, verdict: Verdict) -> None:
    """Nothing arrived twice, everything that arrived is traced, and what is told as sent did arrive.

    未确认 is what a worker was sending when it died: at most one for each strike and worker.
    """
    states = dict(ground.database.rows(SENT))
    for number in range(0, total, LOUD_EVERY):
        key = f"drill:{number}"
        state, count = states.get(key), heard[key]
        if count > 1:
            verdict.fault("doubled", f"{key} arrived {count} times", count - 1)
        if state not in ("sent", "unconfirmed") or (state == "sent" and not count):
            verdict.fault("lost", f"{key} is {state} and arrived {count} times")
        verdict.count(f"{state}, {'arrived' if count else 'did not arrive'}")
    unclear = sum(state == "unconfirmed" for state in states.values())
    if unclear > 2 * strikes:
        verdict.fault("wrong", f"{unclear} deliveries are unconfirmed after {strikes} strikes")
    for key in heard.keys() - states.keys():
        verdict.fault("wrong", f"{key} arrived and nobody knows of it")
