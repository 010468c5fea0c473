"""Filled installations that stay for the next run: filling takes longer than measuring.

What is measured is a copy, so that nothing a run writes is there in the next one.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from kebu.project import env
from kebu.trials.site.installation import (
    Installation,
    Site,
    copy_database,
    drop_database,
    made_database,
)

Steps = Mapping[str, Callable[[Installation, int], None]]


class Kept(Installation):
    """An installation in a folder that stays; on PostgreSQL its database stays beside the one named too."""

    def __init__(self, folder: Path, size: int, sort: str = "") -> None:
        self.size = size
        name = f"{size}-{sort}" if sort else str(size)
        vendor = "postgresql" if env.value("DATABASE_URL") else "sqlite"
        place = folder.absolute() / f"{vendor}-{name}"
        place.mkdir(parents=True, exist_ok=True)
        super().__init__(place, made_database(f"kebu_kept_{name}"))
        self.done = place / "steps.json"

    def fill(self, steps: Steps) -> None:
        """Do the steps that are still owed, after bringing older tables to what the code expects."""
        done = json.loads(self.done.read_text()) if self.done.exists() else []
        owed = [name for name in steps if name not in done]
        if not done:
            self._empty()
        elif "No planned" not in self.command("migrate", "--plan"):
            self.command("migrate", "--verbosity", "0")  # no backup: what is here can be made again
            self.settle()
        for name in owed:
            steps[name](self, self.size)
            done.append(name)
            self.done.write_text(json.dumps(done))
        if owed:
            self.settle()

    def _empty(self) -> None:
        """Take away what a first step left that did not come to its end."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        if self.database:
            drop_database(self.database)
            made_database(urlsplit(self.database).path[1:])

    def copy(self, name: str) -> Site:
        """A throw-away installation that holds the same."""
        site = Site(name)
        shutil.copytree(self.folder, site.folder, dirs_exist_ok=True, ignore=_not_data)
        if self.database:
            copy_database(self.database, site.database)
        return site


def _not_data(_folder: str | os.PathLike[str], names: list[str]) -> set[str]:
    return {name for name in names if name == "steps.json" or name.endswith(".lock")}
