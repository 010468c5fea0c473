"""Who works on a data folder: everybody who reads or writes holds a lock together, a restore holds it alone.

The system drops the lock with the process, however that ends.
"""

import fcntl
from pathlib import Path
from typing import IO

from kebu.project import env

FILE = "running.lock"
HELD: list[IO[str]] = []  # for the life of this process


def work_on(folder: Path) -> None:
    """Hold the folder together with others until this process ends; refuse while a restore is under way."""
    _hold(folder, fcntl.LOCK_SH, "正在这个数据文件夹里恢复备份，请等它完成再启动。")


def work_alone_on(folder: Path) -> None:
    """Hold the folder alone until this process ends; refuse while anything works on it."""
    _hold(
        folder,
        fcntl.LOCK_EX,
        f"客簿还在使用数据文件夹 {folder}，没有恢复。请先停掉客簿（Ctrl-C 或停掉服务）和其他 kebu 命令。",
    )


def _hold(folder: Path, how: int, refusal: str) -> None:
    file = (folder / FILE).open("a")
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise env.SettingError(refusal) from error
    HELD.append(file)
