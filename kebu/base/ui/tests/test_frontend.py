"""The front end's sources: icons that exist, colours that can be read, a build that knows when it is old."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from kebu.base.ui import build

ROOT = Path(__file__).resolve().parents[4]
FRONTEND = ROOT / "frontend"
USES = [
    r"""{%\s*icon\s+["']([a-z0-9-]+)["']""",
    r"""{%\s*(?:empty|menu)\s+(?:_\([^)]*\)|"[^"]*"|'[^']*'|[\w.]+)\s+["']([a-z0-9-]+)["']""",
    r"""{%\s*badge\s+\S+\s+["'][a-z]*["']\s+["']([a-z0-9-]+)["']""",
    r"""kebu\.icon\('([a-z0-9-]+)'\)""",
    r"""icon: '([a-z0-9-]+)'""",
]


def texts() -> str:
    pages = (ROOT / "kebu").rglob("*.html")
    scripts = (FRONTEND / "js").rglob("*.js")
    return "\n".join(path.read_text(encoding="utf-8") for path in [*pages, *scripts])


def test_every_icon_in_use_is_in_the_sprite() -> None:
    known = set(json.loads((FRONTEND / "icons.json").read_text(encoding="utf-8")))
    used = {name for pattern in USES for name in re.findall(pattern, texts())}
    used |= {row[2] for row in settings.KEBU_NAVIGATION}
    assert len(used) > 20
    assert used <= known, f"add to frontend/icons.json: {sorted(used - known)}"


def test_a_class_is_made_in_one_style_sheet() -> None:
    """A page's own sheet that takes a name in use changes pages its author has not looked at."""
    made: dict[str, set[str]] = {}
    for path in sorted((FRONTEND / "css").rglob("*.css")):
        plain = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for name in re.findall(r"^(\.k-[\w-]+) *\{", plain, flags=re.MULTILINE):
            made.setdefault(name, set()).add(path.name)
    assert len(made) > 200
    assert {name: files for name, files in made.items() if len(files) > 1} == {}


def test_the_list_of_icons_is_sorted_and_has_no_twins() -> None:
    names = json.loads((FRONTEND / "icons.json").read_text(encoding="utf-8"))
    assert names == sorted(set(names))


def test_own_scripts_are_small_and_cannot_run_text() -> None:
    for path in (FRONTEND / "js").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 120, path.name
        assert not re.search(
            r"innerHTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function", text
        ), path.name


def test_templates_obey_the_content_security_policy() -> None:
    for path in (ROOT / "kebu").rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        bad = re.search(
            r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|javascript:|hx-vals=.js:", text
        )
        assert not bad, f"{path.relative_to(ROOT)}: {bad and bad.group()}"


def test_the_build_is_repeated_only_when_a_source_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "FRONTEND", tmp_path)
    (tmp_path / "css").mkdir()
    sheet = tmp_path / "css" / "a.css"
    sheet.write_text("a{}")
    first = build.source_hash()
    assert build.source_hash() == first
    sheet.write_text("b{}")
    assert build.source_hash() != first


def test_a_missing_source_folder_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "FRONTEND", tmp_path / "gone")
    with pytest.raises(build.BuildError, match="请从完整的代码目录启动"):
        build.build_frontend()
