"""Which workers of this machine are alive: each locks a file, and the system drops the lock when it dies."""

import fcntl
import secrets
from pathlib import Path


class Presence:
    """A worker's sign of life in ``folder``; ``holder`` is its name in Job.lease_holder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.holder = secrets.token_hex(16)
        draft = folder / f".{self.holder}"
        self.file = draft.open("w")
        fcntl.flock(self.file, fcntl.LOCK_EX)
        draft.rename(folder / self.holder)  # locked before anybody sees it

    def leave(self) -> None:
        """Go in good order."""
        (self.folder / self.holder).unlink(missing_ok=True)
        self.file.close()

    def look(self) -> tuple[list[str], list[str]]:
        """Holders of this machine that are at work, this one among them, and those that died without leaving.

        The files of the dead stay until ``forget``.
        """
        living, dead = look(self.folder)
        return ([*living, self.holder] if self.holder not in living else living), [
            name for name in dead if name != self.holder
        ]

    def forget(self, names: list[str]) -> None:
        """Remove the files of dead holders, once their jobs are back in the queue."""
        for name in names:
            (self.folder / name).unlink(missing_ok=True)


def look(folder: Path) -> tuple[list[str], list[str]]:
    """The living and the dead of a folder."""
    if not folder.is_dir():
        return [], []
    names = [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    living = [name for name in names if is_locked(folder / name)]
    return living, [name for name in names if name not in living]


def is_locked(path: Path) -> bool:
    """Say whether a living process holds the file."""
    try:
        with path.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
