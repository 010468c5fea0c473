"""Clauses and trees understood: the filter they mean, the words they are said in, what is wrong with them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from kebu.base.fields.choices import Operator
from kebu.base.fields.directories import Context
from kebu.base.fields.kinds import Said
from kebu.base.filters.facets import Facet
from kebu.base.filters.tree import MOST_VALUES, Clause, Group
from kebu.base.kit.errors import Unreadable

NOTHING = Q(pk__in=[])
Find = Callable[[str], Facet | None]


@dataclass(frozen=True, slots=True)
class Condition:
    """A clause as it was understood. What was not understood means nothing and has a problem."""

    clause: Clause
    facet: Facet | None
    meaning: Q
    said: Said
    problem: str = ""

    @property
    def label(self) -> str:
        return str(self.facet.label) if self.facet else self.clause.name

    @property
    def sentence(self) -> str:
        """客户类型是意向客户."""
        return f"{self.label}{self.said}"


def understood(clause: Clause, find: Find, context: Context) -> Condition:
    """Read one clause for the context's reader."""
    facet = find(clause.name)
    if facet is None or not facet.allows(context):
        told = {"name": clause.name[:30]}
        problem = _("不认识的条件“%(name)s”，或者它对你不开放，所以什么也没列出；去掉它就好") % told
        return Condition(clause, None, NOTHING, _given(clause), problem)
    try:
        if clause.operator not in facet.operators:
            raise Unreadable(_("没有“%(name)s”这种条件") % {"name": clause.operator[:20]})
        if len(clause.texts) > MOST_VALUES:
            raise Unreadable(_("一个条件最多%(most)d个值") % {"most": MOST_VALUES})
        operator = Operator(clause.operator)
        meaning = facet.meaning(operator, clause.texts, context)
        return Condition(clause, facet, meaning, facet.said(operator, clause.texts, context))
    except Unreadable as refusal:
        problem = _("%(label)s：%(problem)s") % {"label": facet.label, "problem": refusal.message}
        return Condition(clause, facet, NOTHING, _given(clause), problem)


def _given(clause: Clause) -> Said:
    return Said(_("是"), "、".join(clause.texts)[:40])


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole tree understood."""

    meaning: Q
    words: str
    problems: tuple[str, ...] = ()


def read_group(group: Group, find: Find, context: Context) -> Reading:
    """Read a tree; one clause that is not understood lets nothing of it through."""
    group.checked()
    conditions: list[Condition] = []
    meaning, words = _read(group, find, context, conditions)
    problems = tuple(condition.problem for condition in conditions if condition.problem)
    return Reading(NOTHING if problems else meaning, words, problems)


def _read(group: Group, find: Find, context: Context, seen: list[Condition]) -> tuple[Q, str]:
    meanings, words = [], []
    for part in group.parts:
        if isinstance(part, Group):
            meaning, said = _read(part, find, context, seen)
            said = f"（{said}）"
        else:
            condition = understood(part, find, context)
            seen.append(condition)
            meaning, said = condition.meaning, condition.sentence
        meanings.append(meaning)
        words.append(said)
    return joined(meanings, is_any=group.is_any), (_("或") if group.is_any else _("且")).join(words)


def joined(meanings: Iterable[Q], *, is_any: bool = False) -> Q:
    """The filters joined by and, or by or."""
    found = Q()
    for meaning in meanings:
        found = found | meaning if is_any else found & meaning
    return found
