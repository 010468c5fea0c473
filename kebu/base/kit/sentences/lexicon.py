"""What a reading needs to know, and what it finds."""

import datetime as dt
from dataclasses import dataclass, field

from kebu.base.kit.money import AmountRange


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the customer who may be named: 张伟, 采购经理."""

    key: int
    name: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Whom and what the sentence may name; ``products`` are words by the key they stand for."""

    people: tuple[Person, ...] = ()
    products: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised, and until when."""

    text: str
    due_on: dt.date | None = None


@dataclass(slots=True)
class Reading:
    """What was understood; what was not said is None or empty. ``method`` is the value of the field; a time
    without a next day does not occur."""

    method: str = ""
    contact: int | None = None
    stranger: str = ""
    """The surname of who is named where none of the people is meant, or none for certain."""
    happened_on: dt.date | None = None
    happened_time: dt.time | None = None
    budget: AmountRange | None = None
    next_on: dt.date | None = None
    next_time: dt.time | None = None
    next_step: str = ""
    ours: Promised | None = None
    theirs: Promised | None = None
    products: list[str] = field(default_factory=list)
