"""`kebu run`: prepare the data folder, then keep web process and worker running until Ctrl-C or SIGTERM.

This process stays small: it never loads Django.
"""

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from kebu.project import env, lifeline, occupancy, secrets

ACCOUNTS = (
    ("admin", "管理员"),
    ("zhuguan", "销售主管"),
    ("xiaoshou", "销售"),
    ("kefu", "客服"),
    ("shichang", "市场"),
)
STOP_SECONDS = 10
START_SECONDS = 60
PORT_SECONDS = 2
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 30


def run(options: Sequence[str]) -> int:
    """Prepare, start, watch, stop; return the exit code."""
    wrong = set(options) - {"--no-demo"}
    if wrong:
        raise env.SettingError(f"没有这个选项：{' '.join(sorted(wrong))}。用法：kebu run [--no-demo]")
    folder, port = env.data_folder(), env.number("KEBU_PORT", 1, 65535)
    with_demo = "--no-demo" not in options and env.is_loopback_only()
    refuse_public_demo(folder)
    refuse_busy_port(port)
    occupancy.work_on(folder)
    if subprocess.call([*KEBU, "prepare", *(["--demo"] if with_demo else [])]):
        raise env.SettingError("没有启动：准备数据时出错，原因见上面几行。")
    return Supervisor(port).run(welcome(folder, port))


KEBU = (sys.executable, "-m", "kebu.project.cli")
CHILDREN = {"网页": (sys.executable, "-m", "kebu.project.web"), "后台任务": (*KEBU, "worker")}


def refuse_public_demo(folder: Path) -> None:
    """Demo accounts share one password: they are for this machine alone."""
    if secrets.demo_password(folder) and not env.is_loopback_only():
        raise env.SettingError(
            "没有启动：数据文件夹里有演示账号，只能在本机使用。"
            "请先运行 kebu demo --remove 删除演示数据，或用 KEBU_DATA 指定新的数据文件夹。"
        )


def refuse_busy_port(port: int) -> None:
    """Say so in words when the port cannot be had; a server that is just ending is waited for."""
    deadline = time.monotonic() + PORT_SECONDS
    while reason := why_unusable(port):
        if time.monotonic() > deadline:
            raise env.SettingError(
                f"没有启动：端口 {port} {reason}。"
                f"请先停掉占用它的程序，或换一个端口：KEBU_PORT={port + 1 if port < 65535 else 8000} kebu run"
            )
        time.sleep(0.2)


def why_unusable(port: int) -> str:
    """Return why the port cannot be listened on; empty when it can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            return "需要管理员权限"
        except OSError as error:
            return "已被占用" if error.errno == errno.EADDRINUSE else f"用不了（{error.strerror}）"
    return ""


def welcome(folder: Path, port: int) -> str:
    """What the terminal shows once the first page can be opened."""
    lines = [f"客簿已启动：http://127.0.0.1:{port}"]
    password = secrets.demo_password(folder)
    if password:
        lines.append(f"演示账号（密码都是 {password}）：")
        lines += [f"  {name:<10}{role}" for name, role in ACCOUNTS]
    return "\n".join([*lines, f"数据在 {folder}。按 Ctrl-C 停止。"])


@dataclass(slots=True)
class Child:
    """One process that is started again whenever it ends."""

    name: str
    command: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    pause: float = field(default=0.5)

    def start(self, pipe: int) -> None:
        """Start it in a process group of its own, so that Ctrl-C reaches the supervisor only."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, lifeline.VARIABLE: str(pipe), "MALLOC_ARENA_MAX": "2"},
            stdin=subprocess.DEVNULL,
            pass_fds=(pipe,),
            process_group=0,
        )

    def has_ended(self) -> bool:
        """Reap the process when it has ended, and end what it may have left behind in its group."""
        if self.process is None or self.process.poll() is None:
            return False
        signal_group(self.process.pid, signal.SIGKILL)
        return True

    def plan_restart(self) -> None:
        """Set the time of the next start: at once after a steady life, later and later after short ones."""
        now = time.monotonic()
        self.pause = 0.5 if now - self.started > STEADY_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
        self.start_at, self.process = now + self.pause, None


def signal_group(group: int, number: int) -> None:
    """Signal a process group; one that is already gone is fine."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


class Supervisor:
    """Starts the children, restarts one that dies, stops them all."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.children = [Child(name, command) for name, command in CHILDREN.items()]
        self.is_stopping = False
        self.pipe, self.lifeline = os.pipe()

    def run(self, message: str) -> int:
        """Watch the children until asked to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)
        deadline = time.monotonic() + START_SECONDS
        is_ready = False
        while not self.is_stopping:
            self.tend()
            if not is_ready and (is_ready := answers(self.port)):
                print(message, flush=True)
            if not is_ready and time.monotonic() > deadline:
                self.end_children()
                raise env.SettingError("没有启动：网页进程一分钟内没有应答，原因见上面几行。")
            time.sleep(0.25 if is_ready else 0.1)
        self.end_children()
        return 0

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """Signal handler: leave the loop."""
        self.is_stopping = True

    def tend(self) -> None:
        """Start what is due and take note of what ended."""
        for child in self.children:
            if child.process is None and time.monotonic() >= child.start_at:
                child.start(self.pipe)
            elif child.has_ended():
                child.plan_restart()
                print(
                    f"{child.name}进程意外停止，{child.pause:g} 秒后重新启动。", file=sys.stderr, flush=True
                )

    def end_children(self) -> None:
        """Ask all to stop, wait, then insist."""
        running = [child.process for child in self.children if child.process]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            signal_group(process.pid, signal.SIGKILL)
            process.wait()


def answers(port: int) -> bool:
    """Say whether the server answers with anything; asked by a name it knows, it logs no refusal."""
    host = next((name.lstrip(".") for name in env.hosts() if name != "*"), "127.0.0.1")
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            return connection.recv(7) == b"HTTP/1."
    except OSError:
        return False
