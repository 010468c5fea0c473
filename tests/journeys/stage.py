"""The stage of the journeys: an installation of its own, started the way a person starts it."""

import contextlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import psycopg
import pysqlite3

from kebu.base.ui.build import build_frontend
from kebu.project.serve import KEBU
from kebu.trials.site.browser import Browser
from kebu.trials.site.forms import read_form
from kebu.trials.site.installation import Site

ROOT = Path(__file__).resolve().parents[2]
REP, MANAGER, ADMIN = "xiaoshou", "zhuguan", "admin"
SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST = 3_000  # characters of the server's errors shown when it broke off


class Stage:
    """A running server: its address and its data; people come in by the doors."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.url = f"http://127.0.0.1:{site.port}"
        self.password = site.environ["KEBU_DEMO_PASSWORD"]
        self.errors = site.folder / "errors.log"
        self.sessions: dict[str, dict[str, Any]] = {}
        self.process: psutil.Process | None = None

    def at(self, path: str) -> str:
        return self.url + path

    def session(self, username: str) -> dict[str, Any]:
        """What a browser keeps after signing in, for Playwright's storage state."""
        if username not in self.sessions:
            self.sessions[username] = self._sign_in(username)
        return self.sessions[username]

    def _sign_in(self, username: str) -> dict[str, Any]:
        browser = Browser(self.site.port)
        form = read_form(browser.get("/sign-in/?next=/me/").text, "password")
        answer = browser.post("/sign-in/", form | {"username": username, "password": self.password})
        if answer.status != 302:
            raise PermissionError(f"sign-in of {username}: {answer.status}")
        wanted = {name: value for name, value in browser.cookies.items() if value}
        return {
            "cookies": [
                {
                    "name": name,
                    "value": value,
                    "domain": "127.0.0.1",
                    "path": "/",
                    "expires": -1,
                    "httpOnly": name == "sessionid",
                    "secure": False,
                    "sameSite": "Lax",
                }
                for name, value in wanted.items()
            ],
            "origins": [],
        }

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Look into the tables from outside, with the bare driver."""
        if self.site.database:
            with psycopg.connect(self.site.database) as connection:
                return connection.execute(sql.encode(), params).fetchall()
        with contextlib.closing(
            pysqlite3.connect(self.site.folder / "kebu.sqlite3", timeout=30)
        ) as connection:
            return list(connection.execute(sql.replace("%s", "?"), params))

    def change(self, sql: str, *params: Any) -> None:
        """Change the tables from outside, where waiting a day would be the other way."""
        if self.site.database:
            with psycopg.connect(self.site.database) as connection:
                connection.execute(sql.encode(), params)
            return
        with contextlib.closing(
            pysqlite3.connect(self.site.folder / "kebu.sqlite3", timeout=30)
        ) as connection:
            connection.execute(sql.replace("%s", "?"), params)
            connection.commit()

    @contextlib.contextmanager
    def work_held(self) -> Iterator[None]:
        """For the block nothing is done in the background, so that a page of waiting stays as it is."""
        family = self.process.children(recursive=True) if self.process else []
        workers = [one for one in family if one.cmdline()[-1] == "worker"]
        if not workers:
            raise ProcessLookupError("no worker is running")
        for worker in workers:
            worker.suspend()
        try:
            yield
        finally:
            for worker in workers:
                worker.resume()

    def server_said(self) -> str:
        """The last of what the server complained of."""
        return self.errors.read_text(errors="replace")[-LAST:] if self.errors.exists() else ""


@contextlib.contextmanager
def stage(name: str, *options: str, ready: Site | None = None) -> Iterator[Stage]:
    """Make an installation, or take one that is ready, start `kebu run` on it, and leave nothing behind."""
    build_frontend(dev=True)
    with ready or Site(name) as site:
        site.environ |= {"DJANGO_SETTINGS_MODULE": "kebu.project.settings", "PYTHONPATH": str(ROOT)}
        for variable in [key for key in site.environ if key.startswith("KEBU_TEST")]:
            del site.environ[variable]
        if "--no-demo" in options:
            site.environ["KEBU_DEMO_PASSWORD"] = ""
            made = Stage(site)
        made = Stage(site)
        with made.errors.open("ab") as file, site.serving(*KEBU, "run", *options, errors=file) as process:
            made.process = psutil.Process(process.pid)
            yield made


def today() -> date:
    return datetime.now(SHANGHAI).date()
