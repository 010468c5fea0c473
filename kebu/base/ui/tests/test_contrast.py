"""Every pair of colours the interface uses meets WCAG AA, light and dark."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[4] / "frontend" / "css" / "00-tokens.css"
SURFACES = ["canvas", "sunken", "raised", "hover"]
TEXT, GRAPHIC = 4.5, 3.0
Pair = tuple[str, str, float]


def themes() -> list[dict[str, str]]:
    css = TOKENS.read_text(encoding="utf-8")
    blocks = re.findall(r"\{[^{}]*--k-canvas:[^{}]*\}", css)
    return [dict(re.findall(r"--k-([\w-]+):\s*(#[0-9a-f]{6})", block)) for block in blocks]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def pairs() -> list[Pair]:
    inks = ["ink", "ink-2", "ink-3", "accent", "overdue", "today", "won", "lost"]
    found: list[Pair] = [(ink, surface, TEXT) for ink in inks for surface in SURFACES]
    found += [(ink, "active", TEXT) for ink in inks[:4]]
    found += [(name, f"{name}-soft", TEXT) for name in ("accent", "overdue", "today", "won", "lost")]
    found += [(ink, "accent-soft", TEXT) for ink in ("ink", "ink-2", "ink-3", "overdue", "today", "won")]
    soft = ("add-bg", "del-bg", "overdue-soft", "today-soft", "won-soft")
    found += [(ink, ground, TEXT) for ink in ("ink", "ink-2") for ground in soft]
    found += [(f"grade-{letter}-ink", f"grade-{letter}-bg", TEXT) for letter in "abc"]
    found += [("on-accent", "accent-solid", TEXT), ("toast-ink", "toast", TEXT)]
    found += [("toast-link", "toast", TEXT), ("mark-ink", "mark", TEXT)]
    found += [(line, ground, GRAPHIC) for line in ("control-line", "stage") for ground in SURFACES[:3]]
    return found + [(f"chart-{n}", ground, GRAPHIC) for n in range(1, 5) for ground in ("canvas", "raised")]


def test_the_two_dark_blocks_agree() -> None:
    _light, chosen, system = themes()
    assert chosen == system


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_pair_can_be_read(theme: int) -> None:
    colours = themes()[theme]
    weak = [
        (a, b, round(ratio(colours[a], colours[b]), 2))
        for a, b, need in pairs()
        if ratio(colours[a], colours[b]) < need
    ]
    assert not weak
