"""The column 负责人: it gives customers to others only for those who may assign, while they may."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import KINDS
from kebu.crm.customers.models import Customer
from kebu.exchange.imports import actions
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.tests.sheets import committed, taken
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeUser

pytestmark = pytest.mark.django_db
ROW = ["宁波海棠电子材料有限公司", "13805740000", "王磊", "采购经理", "批发业", "2026-03-05", "展会"]


def test_a_manager_may(manager: User, rep: User, client_of: ClientOf, tmp_path: Path) -> None:
    client = client_of(manager)
    committed(client, tmp_path, taken(client, tmp_path, [[*ROW, rep.name]]))
    assert Customer.objects.get().owner == rep
    assert ROW[0] in client_of(rep).get("/").content.decode()  # newly assigned to him


def test_what_i_import_for_myself_is_not_newly_assigned(
    rep: User, client_of: ClientOf, tmp_path: Path
) -> None:
    client = client_of(rep)
    committed(client, tmp_path, taken(client, tmp_path, [[*ROW, ""]]))
    assert Customer.objects.get().owner == rep
    assert "新分配" not in client.get("/").content.decode()


def test_marketing_may_not(rep: User, make_user: MakeUser, client_of: ClientOf, tmp_path: Path) -> None:
    marketer = make_user("xu", "许见山", "marketing")
    client = client_of(marketer)
    committed(client, tmp_path, taken(client, tmp_path, [[*ROW, rep.name]]))
    customer = Customer.objects.get()
    assert customer.owner == marketer
    assert rep.name in customer.remark


def leaves(rep: User, manager: User) -> None:
    User.objects.filter(pk=rep.pk).update(is_active=False)


def moves_away(rep: User, manager: User) -> None:
    User.objects.filter(pk=rep.pk).update(department=None)


def loses_the_right_to_assign(rep: User, manager: User) -> None:
    manager.roles.set(Role.objects.filter(code="sales"))


Change = Callable[[User, User], None]


@pytest.mark.parametrize("change", [leaves, moves_away, loses_the_right_to_assign])
def test_rights_count_when_the_rows_come_in(
    change: Change, rep: User, manager: User, client_of: ClientOf, tmp_path: Path
) -> None:
    client = client_of(manager)
    source = taken(client, tmp_path, [[*ROW, rep.name]])
    change(rep, manager)
    committed(client, tmp_path, source)
    row = source.rows.get()
    assert (Customer.objects.get().owner, row.is_warned) == (manager, True)
    assert [(problem["word"], problem["text"]) for problem in row.problems] == [("owner", rep.name)]
    assert "客户归导入人" in client.get(f"/imports/{source.pk}/?show=warned").content.decode()


def is_switched_off(rep: User, manager: User) -> None:
    User.objects.filter(pk=manager.pk).update(is_active=False)


def loses_the_right_to_import(rep: User, manager: User) -> None:
    manager.roles.set(Role.objects.filter(code="service"))


@pytest.mark.parametrize("change", [is_switched_off, loses_the_right_to_import])
@pytest.mark.parametrize("kind", ["imports.check", "imports.commit"])
def test_an_import_stops_with_the_rights_of_who_began_it(
    kind: str,
    change: Change,
    rep: User,
    manager: User,
    client_of: ClientOf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "CHUNK", 1)
    monkeypatch.setattr("kebu.exchange.imports.checking.CHUNK", 1)
    client = client_of(manager)
    source = taken(client, tmp_path, [[f"第{n}家有限公司", f"1380574000{n}"] for n in range(3)])
    actions.start_check(source) if kind == "imports.check" else client.post(f"/imports/{source.pk}/commit/")
    job = Job.objects.claim("test", at=timezone.now())
    assert job is not None
    turns = iter([None, None, change])

    def stop() -> None:
        if turn := next(turns, None):
            turn(rep, manager)

    with pytest.raises(Exception, match="导入人"):
        KINDS[kind].function(job, stop)
    source = Import.objects.get()
    done = source.checked_count if kind == "imports.check" else source.done_count
    assert (done, "导入人" in source.error) == (2, True)
    assert Customer.objects.count() == (0 if kind == "imports.check" else 2)
