"""concurrent_edit: many editors on few customers; nobody overwrites what he has not seen."""

import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event
from typing import Any

from kebu.trials.drills.acknowledgements import Fact
from kebu.trials.drills.chains import Chain, chains, differences
from kebu.trials.drills.doors import first_customer, phone
from kebu.trials.drills.editors import FIELDS, Editor
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.importers import Importer
from kebu.trials.drills.verdict import Verdict

NAME = "concurrent_edit"
CUSTOMERS = 3
USERS = ("xiaoshou", "admin")  # the owner and the administrator: both may edit
TABS = 3


def hold(ground: Ground, rounds: int) -> Verdict:
    """Make ``rounds`` edits in all, at random, several at the same time; then read the journal."""
    verdict = Verdict(NAME, rounds, ground.database.name)
    with ground.running():
        owner = ground.browser(USERS[0])
        named = [(f"被演练的客户{n}", n) for n in range(CUSTOMERS)]
        customers = {first_customer(owner, name, n): (name, phone(n)) for name, n in named}
        verdict.rounds = edit(ground, customers, rounds)
    judge(ground, verdict)
    return verdict


def edit(ground: Ground, customers: Mapping[str, tuple[str, str]], rounds: int) -> int:
    """Let the editors loose, and one who brings in files; an import counts as one edit. Answers how many
    there were."""
    serials, numbers = count(1), list(customers)
    sessions = [(name, ground.browser(name)) for name in USERS]
    editors = [
        Editor(browser.twin(), name, random.Random(f"{name}{tab}"), ground.log)  # noqa: S311  nothing secret
        for tab in range(TABS)
        for name, browser in sessions
    ]

    broken = Event()

    def work(editor: Editor | Importer) -> None:
        try:
            while (serial := next(serials)) <= rounds and not broken.is_set() and not ground.is_over:
                if isinstance(editor, Importer):
                    editor.bring_in(serial)
                else:
                    editor.edit(editor.chance.choice(numbers), serial)
        except BaseException:
            broken.set()  # the others stop too
            raise

    everyone = [*editors, Importer(ground, USERS[0], customers)]
    with ThreadPoolExecutor(len(everyone)) as pool:
        list(pool.map(work, everyone))
    return next(serials) - 1 - len(everyone)  # each of them took one number that he did not use


def judge(ground: Ground, verdict: Verdict) -> None:
    """Hold every answer against the journal, and the journal against the rows."""
    found = chains(ground.database)
    for fact in ground.log.facts:
        verdict.count(f"{fact['door']} {fact['said']}")
        compare(fact, found[fact["customer"]], verdict)
    for number, chain in found.items():
        for words in [*chain.breaks, *differences(ground.database, number, chain, FIELDS)]:
            verdict.fault("wrong", f"{number}: {words}")


def compare(fact: Fact, chain: Chain, verdict: Verdict) -> None:
    """One answer: accepted means written once, over what the editor saw; anything else means not written."""
    before = chain.made.get((fact["field"], fact["typed"]), [])
    seen = None if fact["seen"] is None else chain.value(fact["field"], fact["seen"])
    if fact["shown"] not in (None, seen):
        verdict.fault("wrong", f"shown with a version at which it was {seen!r}: {fact}")
    if not fact["is_kept"]:
        verdict.fault("wrong", f"what was typed is gone from the form: {fact}")
    if fact["said"] == "failed":
        verdict.fault("wrong", f"answer {fact['status']}: {fact}")
    if fact["said"] != "accepted" and before:
        verdict.fault("wrong", f"refused and written all the same: {fact}")
    if fact["said"] == "accepted":
        written(before, seen, fact, verdict)


def written(before: list[Any], seen: Any, fact: Fact, verdict: Verdict) -> None:
    """An accepted value: ``before`` is what it replaced, each time it was written."""
    if not before:
        verdict.fault("lost", f"accepted and not in the journal: {fact}")
    elif len(before) > 1:
        verdict.fault("doubled", f"written {len(before)} times: {fact}", len(before) - 1)
    elif seen not in (None, before[0]):
        verdict.fault("wrong", f"wrote over {before[0]!r} that the editor had not seen: {fact}")
