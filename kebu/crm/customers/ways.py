"""The ways in which many customers are given away, archived and changed at once."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.batches.models import Batch, Leftover, left
from kebu.base.batches.registry import Done, Hand, Way, register
from kebu.crm.customers.choices import CustomerKind
from kebu.crm.customers.collaborators import Grant, let_go, let_in
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.mass_actions import archive_many, assign_many
from kebu.crm.customers.mass_edit import Wish, change_many, held
from kebu.crm.customers.mass_preview import fitting
from kebu.crm.customers.models import Collaborator, Customer
from kebu.crm.customers.queries import shareable_by
from kebu.crm.customers.sharing_told import tell_shared

BEYOND = gettext_lazy("不在你“%(right)s”的范围里")


def seen(user: Any, ids: Sequence[int]) -> dict[int, str]:
    """The addresses of those customers that the user sees."""
    found = Customer.objects.visible_to(user).filter(pk__in=ids).only("number")
    return {customer.pk: customer.get_absolute_url() for customer in found}


def beyond(ids: Iterable[int], reached: Iterable[int], permission: Permission) -> list[Leftover]:
    """Those of the selection that the right does not reach any more."""
    lost = set(ids) - set(reached)
    names = dict(Customer.objects.filter(pk__in=lost).values_list("pk", "name")) if lost else {}
    gone, text = _("已经不在了，可能在回收站里"), BEYOND % {"right": permission.label}
    return [left(pk, names.get(pk, ""), text if pk in names else gone) for pk in sorted(lost)]


def _assign(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Give a chunk to the owner that the batch names."""
    right = Permission.CUSTOMER_ASSIGN
    among = Customer.objects.within(hand.user, right)
    reached = list(among.filter(pk__in=ids).values_list("pk", flat=True))
    owner_id, keeps = batch.args["owner"], batch.args["keeps_former"]
    by, at, context = hand.by, hand.at, hand.context
    count = assign_many(among, reached, owner_id, by=by, at=at, context=context, keeps_former=keeps)
    return Done(count, beyond(ids, reached, right))


def _archive(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Archive a chunk."""
    right = Permission.CUSTOMER_ARCHIVE
    among = Customer.objects.within(hand.user, right)
    reached = list(among.filter(pk__in=ids).values_list("pk", flat=True))
    return Done(archive_many(among, reached, by=hand.by, at=hand.at), beyond(ids, reached, right))


def _edit(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Change fields of a chunk; each customer those that its kind has, and that the user may change now."""
    right = Permission.CUSTOMER_EDIT
    values = {
        name: CUSTOMER_FIELDS[name].kind.from_json(value)
        for name, value in batch.args["values"].items()
        if name in CUSTOMER_FIELDS  # an own field may have gone since
    }
    fit = fitting(hand.user, values)
    done, reached, wishes = Done(), [], []
    for customer in (one for chunk in held(Customer.objects.within(hand.user, right), ids) for one in chunk):
        reached.append(customer.pk)
        own = {name: value for name, value in values.items() if name in fit[customer.kind]}
        if customer.is_archived:
            done.left.append(left(customer.pk, customer.name, _("已经归档，先恢复再改")))
        elif own:
            wishes.append(Wish(customer, own))
        else:
            kind = CustomerKind(customer.kind).label
            labels = "、".join(CUSTOMER_FIELDS[name].label for name in values)
            done.left.append(left(customer.pk, customer.name, f"{kind}客户没有“{labels}”可改"))
    done.left += beyond(ids, reached, right)
    done.changed = change_many(wishes, by=hand.by, at=hand.at, context=hand.context)
    return done


def _share(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Let the colleague whom the batch names into a chunk."""
    reached = list(shareable_by(hand.user).filter(pk__in=ids).values_list("pk", flat=True))
    until = batch.args["until_on"]
    until_on = date.fromisoformat(until) if until else None
    grant = Grant(batch.args["user"], batch.args["level"], until_on)
    count = let_in(Customer.objects.filter(pk__in=reached), grant, by=hand.by, at=hand.at)
    if count:
        tell_shared(reached, grant.user_id, by=hand.by, at=hand.at)
    return Done(count, _not_shareable(ids, reached))


def _unshare(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """End the share that the colleague whom the batch names has in a chunk."""
    reached = list(shareable_by(hand.user).filter(pk__in=ids).values_list("pk", flat=True))
    rows = Collaborator.objects.filter(user=batch.args["user"], customer__in=reached)
    return Done(let_go(rows.select_related("customer"), by=hand.by, at=hand.at), _not_shareable(ids, reached))


def _not_shareable(ids: Iterable[int], reached: Iterable[int]) -> list[Leftover]:
    """Those into which the user may not let others by now."""
    missed = beyond(ids, reached, Permission.CUSTOMER_VIEW)
    for leftover in missed:
        if leftover.record_name:
            leftover.reason = _("现在不由你负责或分配，没有动")
    return missed


ASSIGN = register(
    Way("assign", gettext_lazy("分配"), "user-share", Permission.CUSTOMER_ASSIGN, _assign, seen)
)
ARCHIVE = register(
    Way("archive", gettext_lazy("归档"), "archive", Permission.CUSTOMER_ARCHIVE, _archive, seen)
)
WITH = "users", Permission.CUSTOMER_VIEW
SHARE = register(Way("share", gettext_lazy("加协作人"), *WITH, _share, seen, subject="collaborator"))
UNSHARE = register(Way("unshare", gettext_lazy("移除协作人"), *WITH, _unshare, seen, subject="collaborator"))
EDIT = register(Way("edit", gettext_lazy("修改字段"), "pencil", Permission.CUSTOMER_EDIT, _edit, seen))
