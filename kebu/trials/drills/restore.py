"""restore: backups while people write, restored into an empty place and held against what they were told;
damaged archives are refused and leave the place empty."""

import contextlib
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from kebu.trials.drills.acknowledgements import Acknowledgements
from kebu.trials.drills.doors import CUSTOMER, WITH_CUSTOMER, target
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.restored import judge
from kebu.trials.drills.verdict import Verdict
from kebu.trials.site.browser import Browser, Unanswered
from kebu.trials.site.database import Database
from kebu.trials.site.installation import KEBU, Site

NAME = "restore"
USER = "xiaoshou"
WRITERS = 20
DAMAGED = 4  # archives spoiled per round
PAUSE = 10.0  # the longest a writer thinks, in seconds: what is restored meanwhile needs the machine too
UPLOADS = 0.05  # share of what he does that is a file
GLANCE = 0.2  # seconds between two looks at what was written
LEAST = 10  # bytes cut off at least


def hold(ground: Ground, rounds: int) -> Verdict:
    """Back up, spoil copies, restore, judge; the writers never stop."""
    verdict = Verdict(NAME, rounds, ground.database.name)
    chance = random.Random(NAME)  # noqa: S311  nothing secret
    with ground.running(), writing(ground, verdict):
        while len(ground.log.of(said="accepted")) < WRITERS:
            time.sleep(GLANCE)  # the first backup has something to hold, too
        for turn in ground.turns(verdict):
            archive = ground.site.folder / f"turn-{turn:03d}.zip"
            known = len(ground.log.facts)
            ground.site.command("backup", str(archive))
            bring_back(ground, turn, archive, known, verdict, chance)
            archive.unlink()
    verdict.count("written meanwhile", len(ground.log.of(said="accepted")))
    return verdict


def bring_back(
    ground: Ground, turn: int, archive: Path, known: int, verdict: Verdict, chance: random.Random
) -> None:
    """An empty place: spoiled copies first, then the archive itself."""
    with Site(f"{NAME}_{turn}") as site:
        for number in range(DAMAGED):
            spoiled, words = spoil(archive, chance, number)
            refused = subprocess.run(
                [*KEBU, "restore", str(spoiled)], env=site.environ, capture_output=True, check=False
            )
            verdict.count("damaged refused" if refused.returncode else "damaged taken")
            if not refused.returncode or (site.folder / "kebu.sqlite3").exists():
                verdict.fault("wrong", f"turn {turn}: {words} was not refused, or left something")
            spoiled.unlink()
        site.command("restore", str(archive))
        database = Database(site)
        try:
            sent = [fact for fact in ground.log.facts if fact["said"] == "sent"]
            told = [fact for fact in ground.log.facts[:known] if fact["said"] == "accepted"]
            judge(database, site.folder / "files", told, sent, verdict)
        finally:
            database.close()
    verdict.count("restored")


def spoil(archive: Path, chance: random.Random, number: int) -> tuple[Path, str]:
    """A copy with a bit flipped, or with its end cut off."""
    data = bytearray(archive.read_bytes())
    if number % 2:
        size = chance.randrange(len(data) - LEAST)
        data, words = data[:size], f"cut to {size} bytes"
    else:
        place, bit = chance.randrange(len(data)), chance.randrange(8)
        data[place] ^= 1 << bit
        words = f"bit {bit} of byte {place} flipped"
    spoiled = archive.with_name(f"spoiled-{number}.zip")
    spoiled.write_bytes(data)
    return spoiled, words


@contextlib.contextmanager
def writing(ground: Ground, verdict: Verdict) -> Iterator[None]:
    """Twenty people at work for the block."""
    done, serials = threading.Event(), count(1)
    first = ground.browser(USER)

    def work(number: int) -> None:
        writer = Writer(first.twin(), ground.log, random.Random(f"{NAME}{number}"))  # noqa: S311
        while not done.wait(writer.chance.uniform(0, PAUSE)):
            try:
                writer.write(next(serials))
            except Unanswered:
                verdict.count("unanswered")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()


class Writer:
    """Makes customers and what hangs on them; notes each before it is sent and when it was accepted."""

    def __init__(self, tab: Browser, log: Acknowledgements, chance: random.Random) -> None:
        self.tab, self.log, self.chance = tab, log, chance
        self.customers: list[str] = []

    def write(self, serial: int) -> None:
        """One thing more."""
        if self.chance.random() < UPLOADS:
            self._upload(serial)
            return
        words = {"customer": self.chance.choice(self.customers)} if self.customers else {}
        door = self.chance.choice(WITH_CUSTOMER) if words else CUSTOMER
        mark = f"演练{serial:07d}"
        form = door.filled(self.tab, mark, serial, words)
        fact = {"table": door.traces[0].table, "column": door.traces[0].column, "mark": mark}
        self.log.note(said="sent", **fact)
        answer = self.tab.post(door.address.format(**words), form)
        if answer.status in (200, 204, 302):
            self.log.note(said="accepted", **fact)
        if door is CUSTOMER and answer.status == 302:
            self.customers.append(target(answer).strip("/").split("/")[-1])

    def _upload(self, serial: int) -> None:
        name = f"演练{serial:07d}.csv"
        fact = {"table": "imports_import", "column": "file_name", "mark": name}
        form = {"csrfmiddlewaretoken": self.tab.cookies["csrftoken"], "submission": f"{NAME}-{serial}"}
        self.log.note(said="sent", **fact)
        content = f"客户公司名称,联系方式\n{name},139{serial:08d}\n".encode()
        if self.tab.upload("/imports/", form, "file", name, content).status in (302, 204):
            self.log.note(said="accepted", **fact)
