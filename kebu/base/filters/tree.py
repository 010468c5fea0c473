"""Clauses joined by and/or, and their one-line text.

    and(created_at.within:last3m,customer_type.is:prospect,or(industry.is:C,budget.above:100000))

Several values stand between bars and mean any of them; a tilde goes before each sign that would end a value.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kebu.base.kit.errors import Unreadable

DEEPEST = 3
MOST_CLAUSES = 30
MOST_VALUES = 50
MOST_TEXTS = 150  # of all conditions together: databases take no longer chain of «or»
LONGEST = 4_000

_HEAD = re.compile(r"([a-z][a-z0-9_.]{0,80})\.([a-z_]{1,20})(:?)")
_GROUP = re.compile(r"(and|or)\(")
_SIGNS = re.compile(r"([~(),|])")


@dataclass(frozen=True, slots=True)
class Clause:
    """That the facet of this name fulfils an operator over some values."""

    name: str
    operator: str
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of which all hold, or any."""

    parts: tuple["Clause | Group", ...] = ()
    is_any: bool = False

    @property
    def depth(self) -> int:
        return 1 + max((part.depth for part in self.parts if isinstance(part, Group)), default=0)

    def clauses(self) -> Iterator[Clause]:
        """All clauses in it, however deep."""
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.clauses()
            else:
                yield part

    def tidied(self) -> "Group":
        """The same without groups that say nothing or the same as the one around them."""
        parts: list[Clause | Group] = []
        for part in self.parts:
            if isinstance(part, Clause):
                parts.append(part)
                continue
            inner = part.tidied()
            if inner.is_any == self.is_any or len(inner.parts) < 2:
                parts += inner.parts
            else:
                parts.append(inner)
        if len(parts) == 1 and isinstance(parts[0], Group):
            return parts[0]
        return Group(tuple(parts), self.is_any and len(parts) > 1)

    def checked(self) -> "Group":
        """The group itself, when it is not more than anybody asks. Raises Unreadable."""
        if self.depth > DEEPEST:
            raise Unreadable(_("条件套得太深了，最多%(most)d层") % {"most": DEEPEST})
        if sum(1 for _clause in self.clauses()) > MOST_CLAUSES:
            raise Unreadable(_("条件太多了，最多%(most)d个") % {"most": MOST_CLAUSES})
        if sum(len(clause.texts) for clause in self.clauses()) > MOST_TEXTS:
            raise Unreadable(_("条件里的值太多了，一共最多%(most)d个") % {"most": MOST_TEXTS})
        return self


def written(group: Group) -> str:
    """The group as one line of text."""
    parts = (written(part) if isinstance(part, Group) else _clause(part) for part in group.parts)
    return f"{'or' if group.is_any else 'and'}({','.join(parts)})"


def _clause(clause: Clause) -> str:
    values = "|".join(_SIGNS.sub(r"~\1", text) for text in clause.texts)
    return f"{clause.name}.{clause.operator}" + (f":{values}" if clause.texts else "")


def read_tree(text: str) -> Group:
    """The group of a text; raises Unreadable with what is wrong with it."""
    if len(text) > LONGEST:
        raise Unreadable(_("条件太长了，请去掉一些"))
    reader = _Reader(text)
    found = reader.group(1)
    if reader.place < len(text):
        raise reader.unreadable()
    return found.checked()


class _Reader:
    """Reads a text from its beginning to its end, never deeper than allowed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def unreadable(self) -> Unreadable:
        near = self.text[max(0, self.place - 5) : self.place + 15]
        return Unreadable(_("读不懂地址里的条件，在“%(near)s”附近；请重新选一次条件") % {"near": near})

    def group(self, depth: int) -> Group:
        head = _GROUP.match(self.text, self.place)
        if head is None:
            raise self.unreadable()
        if depth > DEEPEST:
            raise Unreadable(_("条件套得太深了，最多%(most)d层") % {"most": DEEPEST})
        self.place = head.end()
        parts: list[Clause | Group] = []
        while not self.takes(")"):
            if parts and not self.takes(","):
                raise self.unreadable()
            is_group = _GROUP.match(self.text, self.place)
            parts.append(self.group(depth + 1) if is_group else self.clause())
        return Group(tuple(parts), head[1] == "or")

    def takes(self, sign: str) -> bool:
        if self.text.startswith(sign, self.place):
            self.place += 1
            return True
        return False

    def clause(self) -> Clause:
        head = _HEAD.match(self.text, self.place)
        if head is None:
            raise self.unreadable()
        self.place = head.end()
        texts = tuple(self.values()) if head[3] else ()
        return Clause(head[1], head[2], texts)

    def values(self) -> Iterator[str]:
        yield self.value()
        while self.takes("|"):
            yield self.value()

    def value(self) -> str:
        found = []
        while self.place < len(self.text) and self.text[self.place] not in "(),|":
            if self.text[self.place] == "~":
                self.place += 1
            found.append(self.text[self.place : self.place + 1])
            self.place += 1
        return "".join(found)
