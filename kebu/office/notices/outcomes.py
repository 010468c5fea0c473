"""What came of sending something, in three words: it arrived, it did not, nobody knows."""

from dataclasses import dataclass


@dataclass(eq=False)
class Arrived:
    """The other side has taken it."""

    answer: str = ""


@dataclass(eq=False)
class Failed(Exception):
    """It is known that it did not arrive.

    ``is_final``: trying again would not help. ``is_way``: the way itself is closed, so that other messages
    need not try it now.
    """

    answer: str
    is_final: bool = False
    is_way: bool = False


@dataclass(eq=False)
class Unclear(Exception):
    """It may have arrived: it must not be sent again by itself."""

    answer: str


Outcome = Arrived | Failed | Unclear
