"""What people keep of the customer list, where a person is erased: conditions and names may speak of him."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import models
from django.db.models import F

from kebu.base.fields.choices import Operator
from kebu.base.fields.directories import Context
from kebu.base.fields.models import touch
from kebu.base.filters.tree import Clause, Group, read_tree, written
from kebu.base.kit.errors import Unreadable
from kebu.base.records.models import Record
from kebu.crm.customers.conditions import OTHER, WHERE
from kebu.crm.customers.facets import facet_named
from kebu.crm.segments.choices import STAMP
from kebu.crm.segments.models import SavedView, Segment, Snapshot
from kebu.crm.tagging.models import TagRule
from kebu.front.privacy.scrubbing import Words, names_him, scrubbed

TEXTS: dict[type[models.Model], tuple[str, ...]] = {
    SavedView: ("name",),
    Segment: ("name", "purpose", "description"),
    Snapshot: (),
    TagRule: (),
}
QUERY = "query"
LOGGED = ("view", "segment", "snapshot", "tag-rule", "export", "export-file")  # as the journal calls them


def scrub_kept(words: Words) -> int:
    """Take the words out of views, segments with their snapshots, and rules; count the rows that changed."""
    count = sum(_scrub(model, names, words) for model, names in TEXTS.items())
    if count:
        touch(STAMP)
    return count


def _scrub(model: type[models.Model], names: tuple[str, ...], words: Words) -> int:
    ways: dict[str, Callable[[str, Words], Any]] = dict.fromkeys(names, scrubbed)
    ways |= {QUERY: _without} if model is not TagRule else {WHERE: _rejoined}
    more, changed = {"version": F("version") + 1} if issubclass(model, Record) else {}, 0
    for row in model._base_manager.values("pk", *ways):
        new = {name: way(row[name], words) for name, way in ways.items()}
        new = {name: value for name, value in new.items() if value != row[name]}
        if new:
            model._base_manager.filter(pk=row["pk"]).update(**new, **more)
            changed += 1
    return changed


def _without(query: str, words: Words) -> str:
    """The address without the words in what people have typed into it: the search, and texts asked for."""
    pairs = parse_qsl(query)
    new = [(name, _retyped(name, text, words)) for name, text in pairs]
    return query if new == pairs else urlencode(new)


def _retyped(name: str, text: str, words: Words) -> str:
    if name == WHERE:
        return _rejoined(text, words)
    return str(scrubbed(text, words)) if name == "q" or (name not in OTHER and _is_text(name)) else text


def _rejoined(where: str, words: Words) -> str:
    """Joined conditions, whose texts alone are typed: and(contact.name.is:王磊,grade.is:A)."""
    if not names_him(where, words):
        return where
    try:
        return written(_grouped(read_tree(where), words))
    except Unreadable:
        return str(scrubbed(where, words))


def _grouped(group: Group, words: Words) -> Group:
    parts = [
        _grouped(part, words) if isinstance(part, Group) else _asked(part, words) for part in group.parts
    ]
    return replace(group, parts=tuple(parts))


def _asked(clause: Clause, words: Words) -> Clause:
    texts = tuple(str(scrubbed(text, words)) for text in clause.texts)
    return replace(clause, texts=texts) if _is_text(clause.name) else clause


def _is_text(name: str) -> bool:
    """Whether that part of an address asks for a text, by one of its operators or plainly; of a field that is
    no longer there nobody knows."""
    base, _dot, last = name.rpartition(".")
    facet = facet_named(base if base and last in Operator.values else name, Context())
    return facet is None or Operator.CONTAINS in facet.operators
