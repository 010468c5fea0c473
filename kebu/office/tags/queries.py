"""The tags as pages and fields read them, and how much they are used."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer
from kebu.base.fields.directories import Entry
from kebu.office.tags.models import Tag, TagGroup

Counting = Callable[[Iterable[int]], Mapping[int, int]]
Overlapping = Callable[[Iterable[int]], int]
_USES: list[tuple[Counting, Overlapping]] = []


@dataclass(frozen=True, slots=True)
class TagEntry(Entry):
    """A tag as the directory remembers it."""

    group_id: int = 0
    colour: str = ""
    help: str = ""
    is_exclusive: bool = False
    is_open: bool = False
    is_gone: bool = False


def entries() -> Iterable[TagEntry]:
    """All tags in the office's order, those no longer there last of all to be meant."""
    rows = Tag.objects.select_related("group").order_by("group__order", "group_id", "order", "id")
    for tag in sorted(rows, key=lambda row: row.is_gone):
        spelt = () if tag.is_gone else tuple(tag.aliases)
        yield TagEntry(
            tag.pk,
            tag.name,
            spelt,
            tag.is_active,
            tag.group.name,
            tag.order,
            f"{tag.group.name}:{tag.name}",
            group_id=tag.group_id,
            colour=tag.colour,
            help=tag.help,
            is_exclusive=tag.group.is_exclusive,
            is_open=tag.group.is_open,
            is_gone=tag.is_gone,
        )


def uses(counting: Counting, overlapping: Overlapping) -> None:
    """Tell what counts the records that have each of some tags, and those that have several of them; one room
    above knows them."""
    _USES[:] = [(counting, overlapping)]


def used_counts(tag_ids: Iterable[int]) -> Mapping[int, int]:
    """How many records have each tag; a tag without any is not among them."""
    return _USES[0][0](tag_ids) if _USES else {}


def overlap_count(tag_ids: Iterable[int]) -> int:
    """How many records have more than one of the tags."""
    return _USES[0][1](tag_ids) if _USES else 0


@dataclass(frozen=True, slots=True)
class TagLine:
    """A tag as the settings show it."""

    tag: Tag
    used_count: int
    is_first: bool
    is_last: bool


def there(group: TagGroup) -> list[Tag]:
    """The tags of a group that are there, retired ones too, in their order."""
    return [tag for tag in group.tags.all() if not tag.is_gone]


def lines(group: TagGroup, counts: Mapping[int, int]) -> list[TagLine]:
    """The tags of a group with their use."""
    tags = there(group)
    last = len(tags) - 1
    return [TagLine(tag, counts.get(tag.pk, 0), i == 0, i == last) for i, tag in enumerate(tags)]


def may_add_to(user: Viewer, group: TagGroup) -> bool:
    """Say whether the user may make a tag of this group."""
    return user.can(Permission.VOCABULARY_MANAGE) or (group.is_open and user.can(Permission.CUSTOMER_EDIT))
