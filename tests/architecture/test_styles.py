"""Every class that the style sheets draw is one that a page wears."""

import re

from tests.architecture.house import PACKAGE, ROOT, files

CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
NO_SELECTOR = re.compile(r"/\*.*?\*/|url\([^)]*\)", re.DOTALL)
WORD = re.compile(r"[\w-]+")
# Put together from a stem and a value: k-cal-{{ look }}, k-ev-{{ source }}, k-w1 to k-w3, a badge's tone.
BUILT = ("k-cal-", "k-ev-", "k-w")
TONES = {"k-info"}
BOOTSTRAP = {"spinner-border"}  # asked for in order to leave its buttons alone


def test_no_class_is_drawn_that_nothing_wears() -> None:
    sheets = files(".css", under=ROOT / "frontend" / "css")
    drawn = {name for path in sheets for name in CLASS.findall(NO_SELECTOR.sub("", path.read_text("utf-8")))}
    sources = [
        *files(".py", under=PACKAGE),
        *files(".html", under=PACKAGE),
        *files(".js", under=ROOT / "frontend" / "js"),
    ]
    worn = {word for path in sources for word in WORD.findall(path.read_text("utf-8"))}
    built = {name for name in drawn if name.startswith(BUILT)}
    assert drawn > {"k-table", "k-badge"}
    assert not drawn - worn - built - TONES - BOOTSTRAP
