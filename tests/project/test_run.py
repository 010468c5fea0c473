"""`kebu run` as a person starts it: real processes, a real port, killed and stopped."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from kebu.project.secrets import DEMO_PASSWORD_FILE
from tests.database import migrated_name

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="starts on SQLite: once is enough"),
]
KEBU = Path(sys.executable).parent / "kebu"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int, **extra: str) -> dict[str, str]:
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith("KEBU_") and name != "DATABASE_URL"
    }
    return {**kept, "KEBU_DATA": str(folder), "KEBU_PORT": str(port), **extra}


def wait_until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


@contextlib.contextmanager
def running(folder: Path, port: int) -> Iterator[psutil.Popen]:
    """Start `kebu run --no-demo` and wait for the first page."""
    process = psutil.Popen(
        [KEBU, "run", "--no-demo"],
        env=environment(folder, port),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until(lambda: answers(port) or process.poll() is not None)
        assert process.poll() is None, process.stdout.read()
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def children(process: psutil.Popen) -> dict[str, psutil.Process]:
    """The web process and the worker, by the last word of their command line; one that ends just now has
    none."""
    named = [(words_of(child), child) for child in process.children()]
    return {words[-1]: child for words, child in named if words}


def words_of(child: psutil.Process) -> list[str]:
    """The command line of a living process."""
    try:
        return [] if child.status() == psutil.STATUS_ZOMBIE else list(child.cmdline())
    except psutil.NoSuchProcess:
        return []


def is_alive(process: psutil.Process) -> bool:
    """A process that nobody has waited for yet is dead all the same."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_starts_restarts_and_stops(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as process:
        first = children(process)
        assert set(first) == {"kebu.project.web", "worker"}
        refused = subprocess.run(
            [KEBU, "run", "--no-demo"],
            env=environment(tmp_path, port),
            capture_output=True,
            text=True,
            check=False,
        )
        assert refused.returncode == 2
        assert f"端口 {port} 已被占用" in refused.stderr
        for child in first.values():
            child.kill()
        wait_until(
            lambda: len(children(process)) == 2 and not set(children(process).values()) & set(first.values())
        )
        wait_until(lambda: answers(port))
        family = process.children(recursive=True)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert "客簿已启动" in process.stdout.read()
    assert not [child for child in family if is_alive(child)]
    assert not list((tmp_path / "workers").iterdir())


def test_nothing_is_left_behind_when_the_supervisor_is_killed(tmp_path: Path, django_db_setup: None) -> None:
    shutil.copyfile(migrated_name(), tmp_path / "kebu.sqlite3")  # the first start of all is judged above
    with running(tmp_path, free_port()) as process:
        family = process.children(recursive=True)
        assert len(family) >= 2
        process.kill()
        process.wait(5)
        wait_until(lambda: not [child for child in family if is_alive(child)], seconds=20)


def test_demo_accounts_never_face_other_machines(tmp_path: Path) -> None:
    (tmp_path / DEMO_PASSWORD_FILE).write_text("secret")
    answer = subprocess.run(
        [KEBU, "run"],
        env=environment(tmp_path, free_port(), KEBU_HOSTS="kebu.example.cn"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert "演示账号，只能在本机使用" in answer.stderr


def test_an_unusable_data_folder_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = subprocess.run(
        [KEBU, "check"],
        env=environment(tmp_path / "file" / "data", 1),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert "请检查磁盘和权限" in answer.stderr
    assert "Traceback" not in answer.stderr
