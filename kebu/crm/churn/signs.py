"""Signals that a customer may leave: reckoned from a few columns, told in a sentence with their figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from kebu.crm.churn.choices import Risk, Sign

RECENT, BEFORE = timedelta(days=90), timedelta(days=360)
LOOKS_BACK = timedelta(days=720)
WEIGHTS = {
    Sign.TALKS: 2, Sign.PAUSE: 1, Sign.PURCHASE: 2, Sign.CONTRACT: 3, Sign.PROMISE: 2, Sign.CHANGE: 1,
}  # fmt: skip
QUARTERS = 3  # of the time before: what is usual in ninety days


class Rules(NamedTuple):
    """The thresholds."""

    drop_percent: int = 50
    least_talks: int = 3
    pause_times: int = 2
    pause_days: int = 30
    late_days: int = 14
    promise_days: int = 14
    change_days: int = 90
    warn_from: int = 3
    danger_from: int = 5


class Passed(NamedTuple):
    """Something whose day is over: its row, its name and the day."""

    pk: int
    name: str
    on: date


@dataclass(slots=True)
class Facts:
    """What is known of a customer: talks of the last 90 days and of the 270 before, the first and last of two
    years and how many, and the worst of what was left undone."""

    recent: int = 0
    before: int = 0
    talks: int = 0
    first_on: date | None = None
    last_on: date | None = None
    purchase: Passed | None = None
    contract: Passed | None = None
    promise: Passed | None = None
    change: Passed | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal: its figures, and what it hangs on (``about``), by which it is known as the same again."""

    sign: Sign
    figures: dict[str, Any] = field(default_factory=dict)
    about: str = ""

    @property
    def weight(self) -> int:
        return WEIGHTS[self.sign]

    @property
    def key(self) -> str:
        return f"{self.sign.value}:{self.about}"

    @property
    def label(self) -> str:
        return str(self.sign.label)

    @property
    def sentence(self) -> str:
        return sentence(self)


def signals(facts: Facts, rules: Rules, today: date) -> list[Signal]:
    """What the facts tell, the gravest first."""
    found = [
        _passed(Sign.CONTRACT, facts.contract, rules.late_days, today),
        _passed(Sign.PURCHASE, facts.purchase, rules.late_days, today),
        _passed(Sign.PROMISE, facts.promise, rules.promise_days, today),
        _talks(facts, rules),
        _pause(facts, rules, today),
        _change(facts, rules, today),
    ]
    return [one for one in found if one is not None]


def score(found: Sequence[Signal]) -> int:
    """What they weigh together."""
    return sum(one.weight for one in found)


def risk(found: Sequence[Signal], rules: Rules) -> Risk:
    """How serious they are together."""
    points = score(found)
    if points >= rules.danger_from:
        return Risk.DANGER
    return Risk.WARN if points >= rules.warn_from else Risk.WATCH


def _talks(facts: Facts, rules: Rules) -> Signal | None:
    """Less than usual by at least so much; ``before`` is of three times as many days."""
    is_usual = facts.before >= rules.least_talks * QUARTERS
    has_fallen = facts.recent * QUARTERS * 100 <= facts.before * (100 - rules.drop_percent)
    if not (is_usual and has_fallen):
        return None
    return Signal(Sign.TALKS, {"usual": round(facts.before / QUARTERS, 1), "recent": facts.recent})


def _pause(facts: Facts, rules: Rules, today: date) -> Signal | None:
    """Longer than usually lies between two talks; three of them make a habit."""
    if facts.first_on is None or facts.last_on is None or facts.talks < QUARTERS:
        return None
    pause, gaps = (today - facts.last_on).days, facts.talks - 1
    usual = (facts.last_on - facts.first_on).days
    if pause <= rules.pause_days or pause * gaps <= usual * rules.pause_times:
        return None
    return Signal(Sign.PAUSE, {"last": facts.last_on.isoformat(), "usual": max(1, round(usual / gaps))})


def _passed(sign: Sign, found: Passed | None, days: int, today: date) -> Signal | None:
    if found is None or (today - found.on).days <= days:
        return None
    figures = {"name": found.name, "on": found.on.isoformat()}
    return Signal(sign, figures, f"{found.pk}-{found.on.isoformat()}")


def _change(facts: Facts, rules: Rules, today: date) -> Signal | None:
    """Somebody or something important changed, and nobody has spoken to them since."""
    found = facts.change
    if found is None or (today - found.on).days > rules.change_days:
        return None
    if facts.last_on is not None and facts.last_on >= found.on:
        return None
    return Signal(Sign.CHANGE, {"name": found.name, "on": found.on.isoformat()}, str(found.pk))


def sentence(signal: Signal) -> str:
    """The signal in words, with its figures."""
    told = signal.figures
    if signal.sign is Sign.TALKS:
        usual = f"{told['usual']:g}"
        return _("平时90天谈%(usual)s次，最近90天谈%(recent)d次") % {**told, "usual": usual}
    if signal.sign is Sign.PAUSE:
        return _("平时%(usual)d天谈一次，%(last)s以后没有谈过") % told
    if signal.sign is Sign.PURCHASE:
        return _("周期采购“%(name)s”%(on)s该来，没有办") % told
    if signal.sign is Sign.CONTRACT:
        return _("合同“%(name)s”%(on)s到期，还没有续") % told
    if signal.sign is Sign.PROMISE:
        return _("我方承诺“%(name)s”应在%(on)s兑现，还没有") % told
    return _("%(on)s有%(name)s，之后没有沟通过") % told


def kept(signal: Signal) -> dict[str, Any]:
    """As it is kept with the warning."""
    return {"sign": signal.sign.value, "about": signal.about, **signal.figures}


def read(told: dict[str, Any]) -> Signal:
    """What was kept."""
    figures = {name: value for name, value in told.items() if name not in ("sign", "about")}
    return Signal(Sign(told["sign"]), figures, told["about"])
