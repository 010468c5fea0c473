"""How long a job waits before it is tried again: longer each time, and never two at the same moment."""

import random
from dataclasses import dataclass
from datetime import timedelta

CHANCE = random.Random()  # noqa: S311  spreads load, guards nothing


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds before the second try, by how much each pause is longer than the last, and the longest of all.

    ``jitter`` is the share of a pause by which chance makes it longer or shorter.
    """

    first: float = 10.0
    factor: float = 4.0
    longest: float = 3600.0
    jitter: float = 0.2

    def seconds(self, tries: int) -> float:
        """The pause after so many tries, without chance."""
        return min(self.longest, self.first * self.factor ** max(0, tries - 1))

    def pause(self, tries: int) -> timedelta:
        """The pause after so many tries."""
        spread = CHANCE.uniform(1 - self.jitter, 1 + self.jitter)
        return timedelta(seconds=self.seconds(tries) * spread)
