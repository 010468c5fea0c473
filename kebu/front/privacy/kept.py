"""What people keep of the customer list, where a person is erased: conditions and names may speak of him."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import models
from django.db.models import F

from kebu.base.fields.models import touch
from kebu.base.records.models import Record
from kebu.crm.segments.choices import STAMP
from kebu.crm.segments.models import SavedView, Segment, Snapshot
from kebu.crm.tagging.models import TagRule
from kebu.front.privacy.scrubbing import Words, scrubbed

TEXTS: dict[type[models.Model], tuple[str, ...]] = {
    SavedView: ("name",),
    Segment: ("name", "purpose", "description"),
    Snapshot: (),
    TagRule: ("where",),
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
    ways |= {QUERY: _without} if model is not TagRule else {}
    more, changed = {"version": F("version") + 1} if issubclass(model, Record) else {}, 0
    for row in model._base_manager.values("pk", *ways):
        new = {name: way(row[name], words) for name, way in ways.items()}
        new = {name: value for name, value in new.items() if value != row[name]}
        if new:
            model._base_manager.filter(pk=row["pk"]).update(**new, **more)
            changed += 1
    return changed


def _without(query: str, words: Words) -> str:
    """The address without the words in its values."""
    pairs = parse_qsl(query)
    new = [(name, scrubbed(text, words)) for name, text in pairs]
    return query if new == pairs else urlencode(new)
