"""The column 负责人: it gives customers to others only for those who may assign."""

from pathlib import Path

import pytest

from kebu.crm.customers.models import Customer
from kebu.exchange.imports.tests.sheets import committed, taken
from kebu.office.staff.models import User
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
