"""The ways in which many customers get and lose tags, and in which one tag takes another's place."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.batches.actions import Barred
from kebu.base.batches.models import Batch, left
from kebu.base.batches.registry import Done, Hand, Way, register
from kebu.base.fields.choices import Use
from kebu.crm.customers.models import Customer, CustomerQuerySet
from kebu.crm.customers.ways import beyond, seen
from kebu.crm.tagging.marking import CHUNK, TAGS, Marking, mark, seen_now
from kebu.crm.tagging.reverting import revert
from kebu.office.tags.actions import save, set_state
from kebu.office.tags.choices import TagState
from kebu.office.tags.fields import tag_of
from kebu.office.tags.models import Tag


def _mark(rows: CustomerQuerySet, batch: Batch, ids: Sequence[int], hand: Hand) -> tuple[int, set[int]]:
    """Mark those of the chunk that are among ``rows``; how many differed, and who was reached."""
    marking, context = Marking.of(batch.args), hand.context
    found = seen_now(rows, ids)
    outcomes = {keys: marking.outcome(keys, context) for keys in {one.keys for one in found}}
    wanted = {one.pk: outcomes[one.keys] for one in found}
    return len(mark(found, wanted, by=hand.by, at=hand.at, context=context)), {one.pk for one in found}


def _tag(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Give and take tags of a chunk, as far as they are there and the user may change them now."""
    if not TAGS.allows(Use.EDIT, hand.context):
        raise Barred(_("你现在不能改“%(label)s”，剩下的没有做") % {"label": TAGS.label})
    marking = Marking.of(batch.args)
    for key in marking.add:
        tag = tag_of(hand.context, key)
        if tag is None or not tag.is_active:
            raise Barred(_("标签“%(name)s”已经停用，剩下的没有做") % {"name": tag.name if tag else key})
    right = Permission.CUSTOMER_EDIT
    rows = Customer.objects.within(hand.user, right)
    count, reached = _mark(rows.live(), batch, ids, hand)
    done = Done(count)
    others = rows.archived().filter(pk__in=set(ids) - reached).values_list("pk", "name")
    done.left = [left(pk, name, _("已经归档，先恢复再改")) for pk, name in others]
    done.left += beyond(ids, reached | {item.record_id for item in done.left}, right)
    return done


def _merge(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Put one tag in the place of another on a chunk: whoever keeps the lists does so for all customers."""
    count, reached = _mark(Customer.objects.all(), batch, ids, hand)
    names = set(ids) - reached
    return Done(count, [left(pk, "", _("已经不在了，可能在回收站里")) for pk in sorted(names)])


def _unmerge(undoing: Batch) -> None:
    """The tag that was merged can be given again, unless another one has its name by now."""
    source_id, target_id = undoing.root.args["swap"]
    tags = Tag.objects.select_related("group", "merged_into").in_bulk([source_id, target_id])
    source, target = tags.get(source_id), tags.get(target_id)
    if source is None or not source.is_gone:
        return
    namesakes = Tag.objects.exclude(state=TagState.GONE).filter(group=source.group_id, name=source.name)
    if namesakes.exists():
        return
    by, at = undoing.author, undoing.at
    set_state(source, TagState.ACTIVE, by=by, at=at)
    if target is not None:
        spellings = [word for word in target.aliases if word not in (source.name, *source.aliases)]
        save(target, {"aliases": spellings}, version=target.version, by=by, at=at)


TAG = register(
    Way(
        "tag",
        gettext_lazy("打标签"),
        "tags",
        Permission.CUSTOMER_EDIT,
        _tag,
        seen,
        chunk=CHUNK,
        revert=revert,
    )
)
MERGE = register(
    Way(
        "tag-merge",
        gettext_lazy("合并标签"),
        "git-merge",
        Permission.VOCABULARY_MANAGE,
        _merge,
        seen,
        reach_by=Permission.CUSTOMER_VIEW,
        chunk=CHUNK,
        revert=revert,
        taken_back=_unmerge,
    )
)
