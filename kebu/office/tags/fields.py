"""The kind of field that keeps several tags."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context, Directory, Entry, directory_loader
from kebu.base.fields.kinds import Choices, Kind
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import tidy
from kebu.base.ui import marks
from kebu.office.tags.choices import SEPARATORS
from kebu.office.tags.models import TAGS
from kebu.office.tags.picker import Group, Option, TagPicker
from kebu.office.tags.queries import TagEntry, entries

MOST = 30  # tags on one record


@directory_loader(TAGS)
def _tags() -> Iterable[Entry]:
    return entries()


def tag_of(context: Context, key: Any) -> TagEntry | None:
    """The tag behind a key."""
    return cast("TagEntry | None", context.directory(TAGS).by_key.get(key))


def ordered(keys: Iterable[int], context: Context) -> list[TagEntry]:
    """The tags of a record in the office's order."""
    chosen = set(keys)
    return [cast("TagEntry", entry) for entry in context.directory(TAGS).entries if entry.key in chosen]


def rivals(keys: Iterable[int], among: Iterable[int], context: Context) -> set[int]:
    """Those of ``among`` that exclude one of the tags ``keys``: other tags of their exclusive groups."""
    chosen = set(keys)
    groups = {tag.group_id for tag in ordered(chosen, context) if tag.is_exclusive}
    return {cast("int", tag.key) for tag in ordered(set(among) - chosen, context) if tag.group_id in groups}


def clash(keys: Iterable[int], context: Context) -> list[TagEntry]:
    """The tags of the first exclusive group of which there are several among ``keys``; none when all is
    well."""
    groups: dict[int, list[TagEntry]] = {}
    for tag in ordered(keys, context):
        if tag.is_exclusive:
            groups.setdefault(tag.group_id, []).append(tag)
    return next((found for found in groups.values() if len(found) > 1), [])


class TagsKind(Kind):
    """Several tags, kept as a list of their keys, ascending; an exclusive group gives one at most."""

    empty: ClassVar[Any] = []
    is_many = True
    max_length = None

    def parse(self, text: str | Sequence[str], context: Context) -> Any:
        keys = sorted({self.read(part, context) for part in parts_of(text)})
        if len(keys) > MOST:
            raise Unreadable(_("标签太多了，一个客户最多%(most)d个") % {"most": MOST})
        if rival := clash(keys, context):
            told = {"names": "、".join(tag.name for tag in rival), "group": rival[0].group}
            raise Unreadable(_("“%(names)s”只能选一个，%(group)s是互斥的") % told)
        return keys

    def read(self, text: str, context: Context) -> int:
        directory = context.directory(TAGS)
        found = [key for key in directory.meant(text) if not cast("TagEntry", directory.by_key[key]).is_gone]
        told = {"text": tidy(text)[:20]}
        if not found:
            raise Unreadable(_("没有“%(text)s”这个标签，请从列表里选，或先到设置的标签页添加") % told)
        if len(found) > 1:
            names = "、".join(directory.by_key[key].code for key in found)
            raise Unreadable(_("不止一组有“%(text)s”，请写明是哪个：%(names)s") % {**told, "names": names})
        return cast("int", found[0])

    def show(self, value: Any, context: Context) -> str:
        return "、".join(tag.name for tag in ordered(value or (), context))

    def drawn(self, value: Any, context: Context) -> SafeString:
        """The tags as chips."""
        return marks.chips_of((tag.name, tag.colour, tag.help) for tag in ordered(value or (), context))

    def to_json(self, value: Any, context: Context) -> Any:
        return [{"key": tag.key, "name": tag.name} for tag in ordered(value or (), context)]

    def from_json(self, value: Any) -> Any:
        return sorted(item["key"] if isinstance(item, dict) else item for item in value or ())

    def show_json(self, value: Any, context: Context) -> str:
        return "、".join(str(item["name"]) for item in value or () if isinstance(item, dict))

    def merged(self, original: Any, mine: Any, now: Any, context: Context) -> Any:
        """What I added and took away, done to what stands there now; None when that leaves rivals."""
        added, dropped = set(mine) - set(original), set(original) - set(mine)
        added = {int(tag.key) for tag in ordered(added, context) if not tag.is_gone}
        found = sorted((set(now) | added) - dropped)
        return None if clash(found, context) else found

    def choices(self, context: Context) -> Choices:
        return [
            (group.name, [(option.key, option.label) for option in group.options])
            for group in self.groups(context.directory(TAGS))
        ]

    def words(self, context: Context) -> Mapping[str, str]:
        return context.directory(TAGS).spoken

    def groups(self, directory: Directory, keys: Iterable[int] = ()) -> list[Group]:
        """The tags to choose from by group; retired ones only where they are chosen already."""
        chosen, found = set(keys), dict[int, Group]()
        for entry in cast("Sequence[TagEntry]", directory.entries):
            if entry.is_active or entry.key in chosen:
                group = found.setdefault(
                    entry.group_id, Group(entry.group_id, entry.group, entry.is_exclusive)
                )
                words = directory.spoken[str(entry.key)]
                group.options.append(
                    Option(str(entry.key), entry.name, entry.colour, entry.help, words, entry.key in chosen)
                )
        return list(found.values())

    def widget(self, context: Context) -> forms.Widget:
        directory = context.directory(TAGS)
        return TagPicker(lambda keys: self.groups(directory, keys), self._open_group(directory, context))

    def _open_group(self, directory: Directory, context: Context) -> Group | None:
        """The group to which the reader may add a tag while choosing."""
        if context.reader is None:
            return None
        tags = [entry for entry in cast("Sequence[TagEntry]", directory.entries) if entry.is_active]
        first = next((tag for tag in tags if tag.is_open), None)
        if first is None and tags and context.reader.can(Permission.VOCABULARY_MANAGE):
            first = tags[-1]
        return Group(first.group_id, first.group, first.is_exclusive) if first else None


def parts_of(text: str | Sequence[str]) -> list[str]:
    """The tags named in a cell, or chosen in a form."""
    if not isinstance(text, str):
        return [str(part) for part in text if str(part).strip()]
    for mark in SEPARATORS[1:]:
        text = text.replace(mark, SEPARATORS[0])
    return [part.strip() for part in text.split(SEPARATORS[0]) if part.strip()]
