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

    def dead(self) -> list[str]:
        """Holders of this machine that died without leaving; their files stay until ``forget``."""
        names = [path.name for path in self.folder.iterdir() if not path.name.startswith(".")]
        return [name for name in names if name != self.holder and not is_locked(self.folder / name)]

    def forget(self, names: list[str]) -> None:
        """Remove the files of dead holders, once their jobs are back in the queue."""
        for name in names:
            (self.folder / name).unlink(missing_ok=True)


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
