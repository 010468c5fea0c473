"""The rhythms as pages tell them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kebu.base.bulk.prepared import prepared
from kebu.base.fields.directories import Context
from kebu.crm.cadence.choices import Rhythm, Unit
from kebu.crm.cadence.models import Turn
from kebu.crm.cadence.rhythms import Step
from kebu.crm.cadence.rulebook import Rulebook, rulebook
from kebu.crm.customers.choices import Grade
from kebu.crm.customers.models import Customer
from kebu.office.workdays.calendars import WorkCalendar
from kebu.office.workdays.queries import calendar


@dataclass(frozen=True, slots=True)
class Said:
    """A rhythm of a customer in words: what is done, how often, when next, and why then."""

    name: str
    rule: str
    day: date
    why: str
    is_overdue: bool
    is_deep: bool = False


@prepared
def _turns_of(customer_id: int) -> QuerySet[Turn]:
    return Turn.objects.filter(customer_id=customer_id, day__isnull=False).order_by("day", "id")


def explained(customer: Customer, context: Context) -> list[Said]:
    """Why the customer is contacted when: 每周联系 下次11月27日, A级每1周，因为上次11月20日."""
    turns = [] if customer.is_archived else _turns_of(customer.pk)
    if not turns:
        return []
    rules, days = rulebook(context), calendar(context)
    steps = {step.pk: step for rows in rules.steps.values() for step in rows}
    return [_said(turn, steps.get(turn.rule_id or 0), days, context.today) for turn in turns]


def topics_for(customer: Customer, context: Context) -> tuple[str, ...]:
    """What to talk about at the customer's stage."""
    return rulebook(context).topics.get(customer.need_stage, ())


def in_words(day: date, today: date) -> str:
    """A day as it is said: 11月27日, with the year when it is another one."""
    text = _("%(month)d月%(day)d日") % {"month": day.month, "day": day.day}
    return text if day.year == today.year else _("%(year)d年%(text)s") % {"year": day.year, "text": text}


def _said(turn: Turn, step: Step | None, days: WorkCalendar, today: date) -> Said:
    day = turn.day or today
    told = {"day": in_words(turn.base_on, today)}
    why = _("上次%(day)s") % told
    if turn.is_first:
        is_deep = turn.rhythm == Rhythm.DEEP
        why = (
            _("还没深度沟通过，从%(day)s分配算起") if is_deep else _("还没联系过，从%(day)s分配算起")
        ) % told
    rule = f"{Grade(step.grade).label}{often(step)}" if step else ""
    name = step.name if step else str(Rhythm(turn.rhythm).label)
    return Said(
        name, rule, day, why + _moved(turn, day, days, today), day < today, turn.rhythm == Rhythm.DEEP
    )


def _moved(turn: Turn, day: date, days: WorkCalendar, today: date) -> str:
    """Why the day is not the one on which it falls due."""
    if day == turn.due_on:
        return ""
    told = {"due": in_words(turn.due_on, today), "name": days.name(turn.due_on) or _("休息日")}
    if not days.is_workday(turn.due_on):
        return _("，%(due)s是%(name)s") % told
    if day > turn.due_on:
        return _("，%(due)s就到期了") % told
    return _("，最晚%(due)s，那几天排满了") % told


def often(step: Step) -> str:
    """How often, in words: 每1周, 每3个月."""
    return _("每%(every)d%(unit)s") % {"every": step.every, "unit": Unit(step.unit).label}


@dataclass(frozen=True, slots=True)
class Line:
    """A rhythm of a grade on the page of rules: what rules now, what comes, what was."""

    grade: str
    rhythm: str
    label: str
    now: Step | None
    coming: tuple[Step, ...]
    past: tuple[Step, ...]


def lines(rules: Rulebook, today: date) -> list[Line]:
    """Every rhythm of every grade."""
    found = []
    for grade in Grade:
        for rhythm in Rhythm:
            steps = rules.steps.get((grade.value, rhythm.value), ())
            now = rules.in_effect(grade.value, rhythm.value, today)
            coming = tuple(step for step in steps if step.valid_from > today)
            past = tuple(step for step in steps if step.valid_from <= today and step is not now)
            found.append(Line(grade.value, rhythm.value, str(rhythm.label), now, coming, past))
    return found


def names_of(result: Mapping[str, Any], names: Mapping[Any, str]) -> list[dict[str, Any]]:
    """What a change comes to by owner, with names; who changes most first."""
    rows = [
        {
            **row,
            "name": names.get(row["owner"], ""),
            "weeks": list(zip(row["before"], row["after"], strict=True)),
            "shift": sum(abs(b - a) for b, a in zip(row["before"], row["after"], strict=True)),
        }
        for row in result["owners"]
    ]
    return sorted(rows, key=lambda row: (-row["shift"], row["name"]))
