"""Many at once: each chunk is done, and taken back, with the rights of that moment."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from kebu.base.access.choices import Permission
from kebu.base.batches.actions import Barred, begin, begin_undo, carry_out
from kebu.base.batches.choices import State
from kebu.base.batches.models import Batch
from kebu.base.batches.registry import Way
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.models import Customer
from kebu.crm.customers.ways import ARCHIVE, ASSIGN, EDIT, SHARE, UNSHARE
from kebu.crm.followups.actions import make_plan
from kebu.crm.followups.ways import POSTPONE, REASSIGN
from kebu.crm.recycling.ways import DELETE
from kebu.crm.tagging.marking import Marking
from kebu.crm.tagging.ways import TAG
from kebu.office.staff.models import Role, User
from kebu.office.tags.models import Tag
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
EVERYTHING = {one.value: "all" for one in Permission}
ON_ROWS = {one.value: "own" for one in Permission if one.is_scoped}
ARGS: dict[Way, Callable[["Stage"], dict[str, Any]]] = {
    ASSIGN: lambda stage: {"owner": stage.other.pk, "keeps_former": False},
    ARCHIVE: lambda _stage: {},
    EDIT: lambda _stage: {"values": {"remark": "年底再谈"}},
    SHARE: lambda stage: {"user": stage.other.pk, "level": "edit", "until_on": None},
    UNSHARE: lambda stage: {"user": stage.helper.pk},
    DELETE: lambda _stage: {},
    TAG: lambda _stage: Marking(add=frozenset({Tag.objects.get(name="重点客户").pk})).args,
    POSTPONE: lambda _stage: {"reason": "客户出差", "to": "2035-06-01"},
    REASSIGN: lambda stage: {"executors": [stage.other.pk]},
}
WAYS = pytest.mark.parametrize("way", ARGS, ids=lambda way: way.kind)


class Stage(NamedTuple):
    """Who does it, one customer of his and one of a colleague, each with a plan that he carries out."""

    user: User
    role: Role
    other: User
    helper: User
    mine: Customer
    theirs: Customer
    plans: list[int]

    def begun(self, way: Way) -> Batch:
        ids = self.plans if way in (POSTPONE, REASSIGN) else [self.mine.pk, self.theirs.pk]
        by = Author.for_user(self.user, Door.PAGE)
        return begin(way, "改了两个", ids, by=by, at=timezone.now(), args=ARGS[way](self))

    def granted(self, **grants: str) -> None:
        self.role.grants = grants
        self.role.save()

    def told(self) -> list[int]:
        """How often something was done to the two."""
        return [JournalEntry.objects.filter(customer_id=one.pk).count() for one in (self.mine, self.theirs)]


@pytest.fixture
def stage(rep: User, mate: User, make_user: MakeUser, make_customer: MakeCustomer) -> Stage:
    user, helper = make_user("quan", "全知"), make_user("helper", "贺援", "sales")
    role = Role.objects.create(name="什么都能", grants=EVERYTHING)
    user.roles.set([role])
    by, now, plans = Author.for_user(rep, Door.PAGE), timezone.now(), []
    for owner in (user, rep):
        customer = make_customer(owner)
        let_in([customer], Grant(helper.pk), by=by, at=now)
        values = {"goal": "谈账期", "expected": "签", "starts_at": now, "due_at": now}
        told: dict[str, Any] = {"by": by, "at": now, "context": Context()}
        plans.append(make_plan(values, executors=[user.pk], customer=customer, **told).pk)
    mine, theirs = Customer.objects.order_by("pk")
    return Stage(user, role, mate, helper, mine, theirs, plans)


def done(batch: Batch) -> None:
    for _count in carry_out(batch):
        pass


@WAYS
def test_a_chunk_is_done_as_far_as_the_rights_reach_by_then(way: Way, stage: Stage) -> None:
    batch = stage.begun(way)
    stage.granted(**EVERYTHING | ON_ROWS)
    before = stage.told()
    done(batch)
    mine, theirs = stage.told()
    assert (mine > before[0], theirs) == (True, before[1])
    assert (batch.state, batch.changed_count, batch.left_count) == (State.DONE, 1, 1)


@WAYS
def test_it_is_taken_back_as_far_as_the_rights_reach_by_then(way: Way, stage: Stage) -> None:
    batch = stage.begun(way)
    done(batch)
    assert batch.changed_count == 2
    if way is ASSIGN:
        Customer.objects.filter(pk=stage.mine.pk).update(owner=stage.user)
    stage.granted(**EVERYTHING | ON_ROWS)
    before = stage.told()
    undoing = begin_undo(batch, by=batch.author, at=timezone.now())
    done(undoing)
    assert stage.told()[1] == before[1]
    assert undoing.changed_count < 2


@WAYS
def test_without_the_right_it_neither_goes_on_nor_back(way: Way, stage: Stage, client_of: ClientOf) -> None:
    waiting, ended, client = stage.begun(way), stage.begun(way), client_of(stage.user)
    done(ended)
    undo = f"/batches/{ended.code}/undo/"
    assert undo in client.get("/batches/").content.decode()
    stage.granted(**{right: scope for right, scope in EVERYTHING.items() if right != way.permission})
    before, batches = stage.told(), Batch.objects.count()
    with pytest.raises(Barred):
        done(waiting)
    Batch.objects.filter(pk=waiting.pk).update(state=State.STOPPED)
    assert undo not in client.get("/batches/").content.decode()
    for address in (undo, f"/batches/{waiting.code}/resumption/"):
        assert client.post(address).status_code in (403, 404)
    assert (stage.told(), Batch.objects.count()) == (before, batches)
    assert Batch.objects.get(pk=waiting.pk).state == State.STOPPED


def test_what_was_left_leads_only_to_what_is_seen(stage: Stage, client_of: ClientOf) -> None:
    batch, client, found = stage.begun(POSTPONE), client_of(stage.user), []
    stage.granted(**EVERYTHING | ON_ROWS)
    done(batch)
    for grants in (EVERYTHING, EVERYTHING | ON_ROWS):
        stage.granted(**grants)
        found.append(f"/plans/{stage.plans[1]}/" in client.get(f"/batches/{batch.code}/").content.decode())
    assert found == [True, False]
