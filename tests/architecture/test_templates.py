"""Every template that is named exists, every template that exists is used, every {% url %} and
{% address %} resolves."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse

from tests.architecture.house import PACKAGE, ROOT, files, name_of, nodes
from tests.architecture.test_urls import all_patterns

TEMPLATES = files(".html", under=PACKAGE) + [
    path for path in files(".js", under=PACKAGE) if "templates" in path.parts
]
# Django asks for these by name itself.
ASKED_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
NAMED = re.compile(r"""{%\s*(?:extends|include)\s+["']([^"'#]+)(?:#[\w-]+)?["']""")
URL = re.compile(r"""{%\s*(?:url|address)\s+["']([^"']+)["']""")
INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")|\son[a-z]+=|hx-on",
    re.IGNORECASE,
)


def template_name(path: Path) -> str:
    return str(path).split("/templates/", 1)[1]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_compiles_and_what_it_names_exists(path: Path) -> None:
    text = path.read_text()
    get_template(template_name(path))
    for name in NAMED.findall(text):
        get_template(name)
    names = {name for name, _ in all_patterns()}
    assert not [name for name in URL.findall(text) if name not in names]


def test_every_template_is_used() -> None:
    sources = [path.read_text() for path in files(".py", under=PACKAGE, tests=False) + TEMPLATES]
    text = "\n".join(sources)
    wrong = [
        name_of(path)
        for path in TEMPLATES
        if (name := template_name(path)) not in ASKED_BY_DJANGO
        and not re.search(rf"""["']{re.escape(name)}["'#]""", text)
    ]
    assert not wrong


def test_no_inline_script_or_style() -> None:
    """The content security policy would drop them silently."""
    wrong = [f"{name_of(path)}: {found}" for path in TEMPLATES for found in INLINE.findall(path.read_text())]
    assert not wrong


CHINESE = re.compile(r"[一-鿿]+")
TAG = re.compile(r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}|{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


def test_texts_can_be_translated() -> None:
    """Chinese stands within translation tags; the gallery of a demo is for who builds the product."""
    wrong = [
        f"{name_of(path)}: {words}"
        for path in TEMPLATES
        if "gallery" not in template_name(path)
        for words in CHINESE.findall(TAG.sub("", path.read_text()))
    ]
    assert not wrong


def test_texts_of_commands_can_be_translated() -> None:
    """The supervisor and the setup script speak before Django is there: theirs stay as they are."""
    commands = [path for path in files(".py", under=PACKAGE, tests=False) if path.parent.name == "commands"]
    assert commands
    wrong = []
    for path in commands:
        marked = {
            id(argument)
            for node in nodes(path)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
            for argument in node.args
        }
        wrong += [
            f"{name_of(path)}:{node.lineno}"
            for node in nodes(path)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and CHINESE.search(node.value)
            and id(node) not in marked
        ]
    assert not wrong


def test_pages_ask_no_other_host() -> None:
    """Templates, styles and scripts load nothing from elsewhere: Kebu works without a network (D7)."""
    styles = [path for suffix in (".css", ".scss", ".js") for path in files(suffix, under=ROOT / "frontend")]
    elsewhere = re.compile(
        r"""(?:src|href|action|hx-\w+)=["'](?:https?:)?//|(?:url\(|@import|fetch\(|import\s)\s*["']?(?:https?:)?//"""
    )
    assert not [
        f"{name_of(path)}: {found}"
        for path in [*TEMPLATES, *styles]
        for found in elsewhere.findall(path.read_text())
    ]
    sources = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].values()
    assert {source for part in sources for source in part} == {"'self'", "'none'", "data:"}


def test_navigation_leads_somewhere() -> None:
    for item in settings.KEBU_NAVIGATION:
        name = item.url_name if hasattr(item, "url_name") else item[0]
        try:
            reverse(name)
        except NoReverseMatch:
            pytest.fail(f"navigation names {name}, which is no address")
