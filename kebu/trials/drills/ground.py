"""The ground a drill is held on: an installation with staff and no customers, and its own `kebu run`."""

import contextlib
import sys
import time
from collections.abc import Iterator
from subprocess import Popen

from kebu.trials.drills.acknowledgements import Acknowledgements
from kebu.trials.drills.verdict import Verdict
from kebu.trials.site.browser import Browser
from kebu.trials.site.database import Database
from kebu.trials.site.installation import KEBU, Site

LAST = 3_000  # characters of the server's errors shown when a drill breaks off


class Ground:
    """A site with the demo accounts, a look at its database and the client's log."""

    def __init__(self, site: Site) -> None:
        self.site = site
        site.environ |= {"DJANGO_SETTINGS_MODULE": "kebu.project.settings", "KEBU_THREADS": "8"}
        self.database = Database(site)
        self.sessions: dict[str, Browser] = {}
        self.errors = site.folder / "errors.log"
        self.log = Acknowledgements(site.folder / "acknowledged.jsonl")
        self.ends_at = float("inf")

    @property
    def is_over(self) -> bool:
        """No further round begins."""
        return time.monotonic() > self.ends_at

    def turns(self, verdict: Verdict) -> Iterator[int]:
        """The rounds one after another, as many as there is time for; the verdict tells how many that was."""
        for turn in range(verdict.rounds):
            if self.is_over:
                verdict.rounds = turn
                return
            yield turn

    @contextlib.contextmanager
    def running(self) -> Iterator[Popen[bytes]]:
        """Web and worker under their supervisor, as a person starts them."""
        with self.errors.open("ab") as file, self.site.serving(*KEBU, "run", errors=file) as supervisor:
            yield supervisor

    def server_said(self) -> str:
        """What web, worker and supervisor wrote about errors so far."""
        return self.errors.read_text(errors="replace") if self.errors.exists() else ""

    def browser(self, username: str) -> Browser:
        """A tab of that account, signed in once; the session outlives the server."""
        if username not in self.sessions:
            password = self.site.environ["KEBU_DEMO_PASSWORD"]
            self.sessions[username] = Browser.signed_in(self.site.port, username, password)
        return self.sessions[username].twin()


@contextlib.contextmanager
def ground(name: str, ready: Site | None = None) -> Iterator[Ground]:
    """Make the ground for one drill, of ``ready`` when it has the staff already; nothing of it is left."""
    with ready or Site(name) as site:
        if ready is None:
            site.command("demo", "--customers", "0")
        made = Ground(site)
        try:
            yield made
        except Exception:
            print(made.server_said()[-LAST:], file=sys.stderr)
            raise
        finally:
            made.log.close()
            made.database.close()
