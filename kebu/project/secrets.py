"""Secrets of one installation: made once, kept in the data folder, readable by their owner only."""

import os
import secrets
from pathlib import Path

from kebu.project import env

DEMO_PASSWORD_FILE = "demo.password"  # noqa: S105 (a file name)


def kept_secret(path: Path, new: str) -> str:
    """Return what the file holds; when it is missing, ``new`` is written there for good first."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # never overwrites: of two processes the first one wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return path.read_text().strip()


def secret_key(data_dir: Path) -> str:
    """Return the key that signs sessions and cookies."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return kept_secret(data_dir / "secret.key", secrets.token_urlsafe(48))


def make_demo_password(data_dir: Path) -> str:
    """Return the demo accounts' password, choosing it on the first call."""
    chosen = env.value("KEBU_DEMO_PASSWORD") or secrets.token_urlsafe(6)
    return kept_secret(data_dir / DEMO_PASSWORD_FILE, chosen)


def forget_demo_password(data_dir: Path) -> None:
    """Leave demo mode: this installation has no demo accounts any more."""
    (data_dir / DEMO_PASSWORD_FILE).unlink(missing_ok=True)


def demo_password(data_dir: Path) -> str:
    """Return the demo accounts' password; empty when this installation has no demo data."""
    path = data_dir / DEMO_PASSWORD_FILE
    return path.read_text().strip() if path.exists() else ""
