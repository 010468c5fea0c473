"""An installation of its own to be tried and measured: folder, database, server; gone when the run ends."""

import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg

from kebu.project import env

KEBU = (sys.executable, "-m", "kebu.project.cli")
START_SECONDS = 120


class Installation:
    """A folder, a database and a free port, and what can be done there."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database
        self.port = free_port()
        self.environ = {
            **os.environ,
            "KEBU_DATA": str(self.folder),
            "KEBU_PORT": str(self.port),
            "DATABASE_URL": self.database,
            "KEBU_DEMO_PASSWORD": "bench-on-loopback-only",
            "DJANGO_SETTINGS_MODULE": "kebu.trials.bench.settings",
        }

    def command(self, *words: str) -> str:
        """Run one kebu command in this installation and return what it printed."""
        done = subprocess.run([*KEBU, *words], env=self.environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"kebu {' '.join(words)}: {done.stderr[-2000:]}")
        return done.stdout

    def settle(self) -> None:
        """Do at once what the database or the night does some time after so much was written."""
        if self.database:
            with psycopg.connect(self.database, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
        else:
            with contextlib.closing(sqlite3.connect(self.folder / "kebu.sqlite3")) as file:
                file.execute("ANALYZE")

    @contextlib.contextmanager
    def serving(self, *command: str, errors: IO[bytes] | None = None) -> Iterator[subprocess.Popen[bytes]]:
        """Run a server (default: the web process alone) for the block; it answers when the block begins.

        What it says of errors goes to the file ``errors``, else to the terminal.
        """
        words = command or (sys.executable, "-m", "kebu.project.web")
        process = subprocess.Popen(words, env=self.environ, stdout=subprocess.DEVNULL, stderr=errors)
        try:
            self.wait(process)
            yield process
        finally:
            process.terminate()
            process.wait(30)

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for the first answer."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
                line.sendall(b"GET /sign-in/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                line.settimeout(60)
                if line.recv(7) == b"HTTP/1.":
                    return
            time.sleep(0.02)
        raise RuntimeError("the server did not answer")


class Site(Installation):
    """A throw-away installation, empty at first; use it as a context manager, then nothing of it is left."""

    def __init__(self, name: str) -> None:
        folder = Path(tempfile.mkdtemp(prefix=f"kebu-{name}-"))
        super().__init__(folder, made_database(f"kebu_{name}_{os.getpid()}"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.database:
            drop_database(self.database)


def memory_mb(process: subprocess.Popen[bytes]) -> float:
    """Proportional memory of the process and all its children, in MB."""
    root = psutil.Process(process.pid)
    family = [root, *root.children(recursive=True)]
    return float(sum(member.memory_full_info().pss for member in family)) / 1e6


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def made_database(name: str) -> str:
    """The address of a database of that name beside the one in DATABASE_URL, made when it is missing.

    Without DATABASE_URL it is SQLite in the folder, and the address is empty.
    """
    url = env.value("DATABASE_URL")
    if not url:
        return ""
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def copy_database(source: str, target: str) -> None:
    """Put a copy of one database in the place of another, file by file."""
    old, new = urlsplit(source).path[1:], urlsplit(target).path[1:]
    with psycopg.connect(env.value("DATABASE_URL"), autocommit=True) as connection:
        by_files = " STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""
        connection.execute(f'DROP DATABASE "{new}"')
        connection.execute(f'CREATE DATABASE "{new}" TEMPLATE "{old}"{by_files}')


def drop_database(url: str) -> None:
    """Remove a database beside the one in DATABASE_URL, whoever is connected to it."""
    with psycopg.connect(env.value("DATABASE_URL"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{urlsplit(url).path[1:]}" WITH (FORCE)')
