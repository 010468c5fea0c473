"""Installations that a run makes once and copies: filling one takes seconds, copying it none."""

import fcntl
import os
from pathlib import Path

from kebu.trials.site.installation import Installation, Site
from kebu.trials.site.kept import Kept
from tests.database import begin_migrated

DEMO = ("--interactions", "320", "--users", "4")


def _migrated(site: Installation, _customers: int) -> None:
    begin_migrated(site)


def _filled(site: Installation, customers: int) -> None:
    site.command("demo", "--customers", str(customers), *(DEMO if customers else ()))
    site.command("prepare", "--static")


def copied(name: str, customers: int = 0) -> Site:
    """A throw-away copy of an installation with the demo team and so many customers.

    Whoever asks first of all processes of the run makes the one that is copied.
    """
    run = Path(os.environ["KEBU_TEST_RUN"])
    with (run / "ready.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        one = Kept(run / "ready", customers, run.name)
        if not one.done.exists():
            one.environ["DJANGO_SETTINGS_MODULE"] = "kebu.project.settings"
            one.fill({"migrated": _migrated, "demo": _filled})
        return one.copy(name)


def migrated(name: str) -> Site:
    """A throw-away installation with tables and nothing in them."""
    site = Site(name)
    begin_migrated(site)
    return site
