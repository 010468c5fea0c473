"""Six months as a curve, drawn on the server: coordinates for an SVG, and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from kebu.front.reviews.figures import Point

LEFT, STEP, TOP, HEIGHT = 28, 60, 26, 62  # of the drawing, in its own units: 360 wide, 118 high


class Dot(NamedTuple):
    """A month on the curve; without a value it is left out."""

    x: int
    y: int
    month: str
    told: str
    is_unfinished: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """One of the three curves (S0-38)."""

    label: str
    dots: Sequence[Dot]
    path: str
    bottom: int = TOP + HEIGHT

    @property
    def words(self) -> str:
        """What the drawing says, for whoever does not see it."""
        return "，".join(f"{dot.month}{dot.told}" for dot in self.dots)


def curves(points: Sequence[Point]) -> list[Curve]:
    """新增客户数, 成交客户数, 客户流失率."""
    return [
        _curve(_("新增客户数"), points, [point.came for point in points], ""),
        _curve(_("成交客户数"), points, [point.won for point in points], ""),
        _curve(_("客户流失率"), points, [point.churned for point in points], "%"),
    ]


def _curve(label: str, points: Sequence[Point], values: Sequence[float | None], unit: str) -> Curve:
    highest = max([value for value in values if value is not None], default=0) or 1
    dots, pieces, is_broken = [], [], True
    for place, (point, value) in enumerate(zip(points, values, strict=True)):
        x = LEFT + place * STEP
        if value is None:
            dots.append(Dot(x, TOP + HEIGHT, point.month.label, "—", point.is_unfinished))
            is_broken = True
            continue
        y = round(TOP + HEIGHT - HEIGHT * value / highest)
        dots.append(Dot(x, y, point.month.label, f"{value:g}{unit}", point.is_unfinished))
        pieces.append(f"{'M' if is_broken else 'L'}{x} {y}")
        is_broken = False
    return Curve(label, dots, "".join(pieces))
