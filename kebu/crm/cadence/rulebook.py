"""The rules as the engine reads them, remembered per process."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from kebu.base.fields.directories import Context, Directory, Entry, directory_loader
from kebu.crm.cadence.choices import Rhythm
from kebu.crm.cadence.models import CADENCE, CadencePolicy, CadenceRule, Topic, shipped_types
from kebu.crm.cadence.rhythms import Due, Step, due

NAMES = (
    "grade",
    "rhythm",
    "valid_from",
    "is_active",
    "every",
    "unit",
    "slack_days",
    "name",
    "method",
    "expected",
)
Steps = Mapping[tuple[str, str], tuple[Step, ...]]


@dataclass(frozen=True)
class Rulebook:
    """Steps by grade and rhythm in the order of their days, who takes part, what to talk about."""

    steps: Steps
    types: frozenset[str]
    topics: Mapping[str, tuple[str, ...]]

    def due(self, grade: str, rhythm: str, base: date, today: date) -> Due | None:
        """When the next contact of a rhythm is due, by which step; None where the grade has none."""
        steps = self.steps.get((grade, rhythm))
        return due(steps, base, today) if steps else None

    def takes_part(self, grade: str, customer_type: str) -> bool:
        """Whether such customers have a cadence at all."""
        return bool(grade) and customer_type in self.types

    def in_effect(self, grade: str, rhythm: str, day: date) -> Step | None:
        """The step that rules on a day."""
        begun = [step for step in self.steps.get((grade, rhythm), ()) if step.valid_from <= day]
        return begun[-1] if begun else None

    def daily(self, grade: str, day: date) -> float:
        """About how many contacts a workday a customer of the grade asks for."""
        steps = (self.in_effect(grade, rhythm, day) for rhythm in Rhythm.values)
        return sum(1 / step.workdays for step in steps if step and step.is_active)

    def requirement(self, need_stage: str) -> str:
        """What plans say of the topics for a stage."""
        topics = self.topics.get(need_stage, ())
        return f"建议话题：{'、'.join(topics)}" if topics else ""

    def with_step(self, step: Step) -> "Rulebook":
        """The same with a step more, in the place of one of the same day."""
        key = step.grade, step.rhythm
        others = [one for one in self.steps.get(key, ()) if one.valid_from != step.valid_from]
        rows = tuple(sorted((*others, step), key=lambda one: one.valid_from))
        return replace(self, steps={**self.steps, key: rows})

    def without(self, pk: int) -> "Rulebook":
        """The same without a step."""
        steps = {key: tuple(one for one in rows if one.pk != pk) for key, rows in self.steps.items()}
        return replace(self, steps=steps)

    def with_types(self, types: Iterable[str]) -> "Rulebook":
        """The same with others taking part."""
        return replace(self, types=frozenset(types))


@dataclass(frozen=True, slots=True)
class Remembered(Entry):
    """A row of the rulebook as the directory remembers it."""

    said: Any = None


@directory_loader(CADENCE)
def _rows() -> Iterable[Entry]:
    for rule in CadenceRule.objects.order_by("grade", "rhythm", "valid_from"):
        yield Remembered(f"rule-{rule.pk}", rule.name, said=step_of(rule))
    for topic in Topic.objects.all():
        yield Remembered(topic.need_stage, topic.need_stage, said=tuple(topic.topics))
    policy = CadencePolicy.objects.filter(pk=1).first()
    if policy is not None:
        yield Remembered("types", "types", said=frozenset(policy.types))


def step_of(rule: CadenceRule) -> Step:
    """The rule as the engine reads it."""
    return Step(pk=rule.pk, **{name: getattr(rule, name) for name in NAMES})


_LAST: list[tuple[Directory, Rulebook]] = []


def rulebook(context: Context | None = None) -> Rulebook:
    """The rules as they stand."""
    directory = (context or Context()).directory(CADENCE)
    if not _LAST or _LAST[0][0] is not directory:
        _LAST[:] = [(directory, _bound(cast("Sequence[Remembered]", directory.entries)))]
    return _LAST[0][1]


def _bound(entries: Sequence[Remembered]) -> Rulebook:
    steps: dict[tuple[str, str], list[Step]] = defaultdict(list)
    topics: dict[str, tuple[str, ...]] = {}
    types = frozenset(shipped_types())
    for entry in entries:
        if isinstance(entry.said, Step):
            steps[entry.said.grade, entry.said.rhythm].append(entry.said)
        elif isinstance(entry.said, frozenset):
            types = entry.said
        else:
            topics[str(entry.key)] = entry.said
    return Rulebook({key: tuple(rows) for key, rows in steps.items()}, types, topics)
