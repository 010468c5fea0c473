"""Timing what the product does against its floor, in turn, and what came of it."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median, quantiles

from kebu.trials.site.browser import Answer

WARM_UP = 4
REQUESTS, SECONDS = 40, 8.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds at the median and at the 95th percentile, and statements per request."""

    p50: float
    p95: float
    statements: int


@dataclass(frozen=True, slots=True)
class Result:
    """One case: milliseconds of the product and of its floor, and their ratio."""

    name: str
    customers: int
    p50_ms: float
    p95_ms: float
    floor_ms: float
    ratio: float
    queries: int
    rows_per_s: float | None = None
    added_queries: int | None = None  # more than the floor sends, where that is a page of the product too
    worst_ratio: float | None = None  # of cases over many addresses
    worst: str | None = None
    slowest_ms: float | None = None
    slowest: str | None = None

    def as_json(self) -> dict[str, object]:
        """The case as the JSON file holds it."""
        found = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: round(value, 3) if isinstance(value, float) else value for name, value in found.items()}


def summed(samples: list[Answer]) -> Timing:
    """Percentiles of the samples that count."""
    spent = [sample.ms for sample in samples]
    return Timing(median(spent), quantiles(spent, n=20)[-1], max(sample.statements for sample in samples))


def alternating(real: Callable[[int], Answer], floor: Callable[[int], Answer]) -> tuple[Timing, Timing]:
    """Time both in turn, so that a machine that slows down slows both."""
    samples: list[Answer] = []
    floors: list[Answer] = []
    deadline = time.monotonic() + SECONDS
    for turn in range(WARM_UP + REQUESTS):
        one, other = checked(real(turn)), checked(floor(turn))
        if turn >= WARM_UP:
            samples.append(one)
            floors.append(other)
            if time.monotonic() > deadline and len(samples) >= 10:
                break
    return summed(samples), summed(floors)


def checked(answer: Answer) -> Answer:
    """The answer, unless it is a failure."""
    if answer.status >= 400:
        raise RuntimeError(f"{answer.status}: {answer.text[:800]}")
    return answer


def compared(name: str, customers: int, real: Timing, floor: Timing) -> Result:
    """Put a case beside its floor."""
    return Result(name, customers, real.p50, real.p95, floor.p50, real.p50 / floor.p50, real.statements)


def lasting(name: str, customers: int, rows: int, seconds: float, floor: float) -> Result:
    """Something that is done once to many rows, beside its floor."""
    ms = seconds * 1000
    return Result(name, customers, ms, ms, floor * 1000, seconds / floor, 0, rows / seconds)
