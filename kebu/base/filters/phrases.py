"""Conditions as one writes them in a line: 近3个月新增的意向客户、制造业、预算10万以上."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kebu.base.fields.choices import Operator
from kebu.base.fields.directories import Context, fold
from kebu.base.fields.formats import Region
from kebu.base.fields.kinds import Choice, Kind, MultiChoice, Reference
from kebu.base.filters.facets import Facet
from kebu.base.filters.tree import Clause, Group
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.regions import parse_region
from kebu.base.kit.spans import read_span

Verbs = Mapping[str, tuple[str, ...]]
LONGEST = 200
MOST_PIECES = 12
SHORTEST = 2
KEYED = (Choice, Reference, Region)

_BETWEEN = re.compile(r"[、，,；;。\n]+|并且|而且|的(?=.)")
_OR = re.compile(r"或者|或")
_SAID: tuple[tuple[re.Pattern[str], Operator], ...] = (
    (re.compile(r"(?:没有填|没填|未填|为空|是空的?|空着)$"), Operator.EMPTY),
    (re.compile(r"(?:已填|填了|不为空)$"), Operator.FILLED),
    (re.compile(r"^(?:不包含|不含|没有提到)(?P<value>.+)$"), Operator.LACKS),
    (re.compile(r"^(?:包含|含有|含|提到)(?P<value>.+)$"), Operator.CONTAINS),
    (re.compile(r"^(?:不是|不为|不等于|非)(?P<value>.+)$"), Operator.IS_NOT),
    (re.compile(r"^(?:>=|≥|>|大于|超过|高于|多于|不少于|不低于|至少)(?P<value>.+)$"), Operator.ABOVE),
    (re.compile(r"^(?:<=|≤|<|小于|低于|少于|不超过|不多于|至多)(?P<value>.+)$"), Operator.BELOW),
    (re.compile(r"^(?P<value>.+?)(?:及以上|以上|起)$"), Operator.ABOVE),
    (re.compile(r"^(?P<value>.+?)(?:及以下|以下|以内)$"), Operator.BELOW),
    (re.compile(r"^(?:是|为|在|=|:|：)?(?P<value>.+)$"), Operator.IS),
    (re.compile(r"^(?:是|为|=|:|：)?(?P<value>.+)$"), Operator.CONTAINS),
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood of a line, and the pieces that were not."""

    parts: tuple[Clause | Group, ...]
    unread: tuple[str, ...]


def heard(text: str, facets: Sequence[Facet], verbs: Verbs, context: Context) -> Heard:
    """Read a line; every piece is a condition of its own."""
    if not text.strip():
        return Heard((), ())
    reader = _Listener(facets, verbs, context)
    parts: list[Clause | Group] = []
    unread: list[str] = []
    pieces = [piece.strip() for piece in _BETWEEN.split(text[:LONGEST].strip()) if piece.strip()]
    for piece in pieces[:MOST_PIECES]:
        found = reader.piece(piece)
        apart = [reader.piece(word) for word in piece.split()] if found is None and " " in piece else []
        read = [one for one in apart if one is not None]
        if found is not None:
            parts.append(found)
        elif read and len(read) == len(apart):
            parts += read
        elif piece != "客户":
            unread.append(piece)
    return Heard(tuple(parts), tuple(unread + pieces[MOST_PIECES:]))


class _Listener:
    """Knows what may be meant."""

    def __init__(self, facets: Sequence[Facet], verbs: Verbs, context: Context) -> None:
        self.facets = {facet.name: facet for facet in facets}
        self.verbs = verbs
        self.context = context
        names = [(name, facet) for facet in facets for name in _names(facet)]
        self.names = sorted(names, key=lambda pair: -len(pair[0]))
        own = [facet for facet in facets if "." not in facet.name]
        self.bare = sorted(own, key=lambda facet: not isinstance(facet.kind, Choice))  # fixed lists first

    def piece(self, text: str) -> Clause | Group | None:
        """One piece: a stretch of days with what happened in it, a field with its value, or a bare value."""
        found = self._happened(text) or self._labelled(text)
        if found is not None:
            return found
        values = [part for part in _OR.split(text) if part]
        clauses = [self._happened(value) or self._bare(value) for value in values]
        if any(clause is None for clause in clauses) or not clauses:
            return None
        return _merged([clause for clause in clauses if clause is not None])

    def _happened(self, text: str) -> Clause | Group | None:
        """近3个月新增, 下周生日, 30天未联系."""
        for size in range(len(text), 1, -1):
            for span_text, verb in ((text[:size], text[size:]), (text[-size:], text[:-size])):
                span = read_span(span_text)
                names = self.verbs.get(verb.removesuffix("客户") or "") if span else None
                if span and not verb and span.is_state:
                    names = self.verbs.get(span.way)
                clauses = self._told(names or (), str(span))
                if clauses:
                    return clauses[0] if len(clauses) == 1 else Group(tuple(clauses), is_any=True)
        return None

    def _told(self, names: Iterable[str], span: str) -> list[Clause]:
        known = [self.facets[name] for name in names if name in self.facets]
        found = (self._checked(facet, Operator.WITHIN, span) for facet in known)
        return [clause for clause in found if clause is not None]

    def _labelled(self, text: str) -> Clause | None:
        """预算10万以上, 备注没有填, 联系人职位包含采购."""
        plain = fold(text)
        for name, facet in self.names:
            if plain.startswith(name) and len(plain) > len(name):
                rest = text[len(name) :] if len(plain) == len(text) else plain.removeprefix(name)
                for value, operator in _said(rest):
                    if clause := self._checked(facet, operator, value):
                        return clause
        return None

    def _bare(self, text: str) -> Clause | None:
        """意向客户, 制造业, A级, 苏州: the first field that has such a value; 非A级 is its denial."""
        is_denied = text.startswith(("不是", "非"))
        value = text.removeprefix("不是").removeprefix("非") if is_denied else text
        operator = Operator.IS_NOT if is_denied else Operator.IS
        for facet in self.bare:
            for spelling in (value, value.removesuffix("客户")):
                if spelling and _has(facet.kind, spelling, self.context):
                    return self._checked(facet, operator, spelling)
        return None

    def _checked(self, facet: Facet, operator: Operator, value: str) -> Clause | None:
        texts = (value,) if operator.takes_values else ()
        if operator not in facet.operators:
            return None
        try:
            facet.meaning(operator, texts, self.context)
        except Unreadable:
            return None
        if (
            operator in (Operator.IS, Operator.IS_NOT)
            and isinstance(facet.kind, KEYED)
            and not isinstance(facet.kind, MultiChoice)
        ):
            texts = (str(facet.kind.parse(value, self.context)),)  # names change, keys do not
        return Clause(facet.name, operator.value, texts)


def _names(facet: Facet) -> Iterator[str]:
    for name in (str(facet.label), *facet.words.split()):
        if len(name) >= SHORTEST:
            yield fold(name)


def _said(rest: str) -> Iterator[tuple[str, Operator]]:
    for pattern, operator in _SAID:
        if match := pattern.search(rest):
            yield match.groupdict().get("value", ""), operator


def _has(kind: Kind, text: str, context: Context) -> bool:
    """Whether the text is a value of the kind, to the letter."""
    if isinstance(kind, Reference):
        return len(text) >= SHORTEST and len(context.directory(kind.directory).meant(text)) == 1
    if isinstance(kind, Region):
        match = parse_region(text)
        return len(text) >= SHORTEST and match.code is not None and not match.rest.strip()
    if isinstance(kind, Choice):
        return fold(text) in kind.spellings
    return any(fold(str(label)) == fold(text) for label in _labels(kind, context))


def _labels(kind: Kind, context: Context) -> Iterator[str]:
    for _value, label in kind.choices(context):
        yield from (str(name) for _key, name in label) if isinstance(label, list) else (str(label),)


def _merged(clauses: list[Clause | Group]) -> Clause | Group:
    """Several values of one field are one condition; else any of them."""
    first = clauses[0]
    if len(clauses) == 1:
        return first
    plain = [clause for clause in clauses if isinstance(clause, Clause)]
    if isinstance(first, Clause) and len(plain) == len(clauses):
        alike = {(clause.name, clause.operator) for clause in plain}
        if len(alike) == 1:
            return Clause(
                first.name, first.operator, tuple(text for clause in plain for text in clause.texts)
            )
    return Group(tuple(clauses), is_any=True)
