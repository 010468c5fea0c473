"""Percentiles of requests timed one after another."""

from dataclasses import dataclass
from statistics import median, quantiles

from kebu.trials.site.browser import Answer

WARM_UP = 4


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds at the median and at the 95th percentile, and statements per request."""

    p50: float
    p95: float
    statements: int


def summed(samples: list[Answer]) -> Timing:
    """Percentiles of the samples that count."""
    spent = [sample.ms for sample in samples]
    return Timing(median(spent), quantiles(spent, n=20)[-1], max(sample.statements for sample in samples))
