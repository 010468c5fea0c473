"""Make the tree ready to run: environment, pinned packages, front end. A step that is current is skipped.

Usage: python3 scripts/setup.py [dev]      (needs Python 3.11 and its standard library only)
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", "install")
UNUSED_PLACE = re.compile(r"WARNING: (Location|Url) '.*' is ignored")
OLDEST_NODE = (18,)
OLDEST_NODE_FOR_TESTS = (22, 19)  # Lighthouse
BUILD = """
import sys
from kebu.base.ui.build import BuildError, build_frontend
try:
    build_frontend(dev=sys.argv[1] == "1")
except BuildError as error:
    sys.exit(str(error))
"""


def fail(sentence: str) -> None:
    """End with a sentence that says what to do."""
    sys.exit(sentence)


def make_environment() -> None:
    """Create the virtual environment."""
    if sys.version_info[:2] != (3, 11):
        fail(
            f"客簿需要 Python 3.11，这里是 {sys.version.split()[0]}。请安装后运行：make run PYTHON=python3.11"
        )
    if PYTHON.exists():
        return
    print("正在建立 Python 环境…", flush=True)
    if subprocess.call([sys.executable, "-m", "venv", VENV]):
        shutil.rmtree(VENV, ignore_errors=True)
        fail("Python 环境没有建成。在 Debian 或 Ubuntu 上请先运行：apt-get install python3-venv，然后重试。")


def pip(*arguments: str | Path) -> bool:
    """Install by pip; places its configuration names that are not there are told only when it fails."""
    done = subprocess.run([*PIP, *arguments], stderr=subprocess.PIPE, text=True, check=False)
    lines = done.stderr.splitlines(keepends=True)
    told = lines if done.returncode else [line for line in lines if not UNUSED_PLACE.match(line)]
    sys.stderr.writelines(told)
    return done.returncode == 0


def install(name: str) -> None:
    """Install one lock file, hashes checked, unless exactly this content was installed before."""
    lock = ROOT / "requirements" / f"{name}.txt"
    current = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = VENV / f".kebu-{name}"
    if stamp.exists() and stamp.read_text() == current:
        return
    print(f"正在安装软件包（{lock.name}）…", flush=True)
    if not pip("--require-hashes", "-r", lock):
        fail("软件包没有装完，原因见上面几行。多半是网络不通：请检查后重试，已下载的部分不会重来。")
    stamp.write_text(current)


def install_kebu() -> None:
    """Put the command `kebu` of this tree into the environment."""
    stamp = VENV / ".kebu-self"
    current = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == current:
        return
    if not pip("--no-build-isolation", "--no-deps", "-e", ROOT):
        fail("命令 kebu 没有装好，原因见上面几行。")
    stamp.write_text(current)


def has_node(oldest: tuple[int, ...]) -> bool:
    """Say whether this machine has npm and a Node that is new enough."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = tuple(int(part) for part in answer.strip().lstrip("v").split(".") if part.isdecimal())
    return version >= oldest


def build_frontend(*, dev: bool) -> None:
    """Build style sheets, scripts and icons; the builder itself knows when nothing changed."""
    if not has_node(OLDEST_NODE_FOR_TESTS if dev else OLDEST_NODE):
        install("node")
    if not (ROOT / "frontend" / "dist").exists():
        print("正在生成页面样式…", flush=True)
    if subprocess.call([PYTHON, "-c", BUILD, str(int(dev))], cwd=ROOT):
        fail("页面样式没有生成，原因见上面几行。")


def main() -> None:
    """Run the steps in order."""
    dev = "dev" in sys.argv[1:]
    make_environment()
    install("runtime")
    if dev:
        install("dev")
    install_kebu()
    build_frontend(dev=dev)


if __name__ == "__main__":
    main()
