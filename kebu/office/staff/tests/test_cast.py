"""The cast sees what the roles promise (D3, D4)."""

from kebu.base.access.choices import Permission, Scope
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User
from tests.cast import MakeCustomer


def test_scopes(
    rep: User, mate: User, manager: User, outsider: User, admin: User, make_customer: MakeCustomer
) -> None:
    for owner in (rep, mate, outsider):
        make_customer(owner)
    seen = {user.name: Customer.objects.visible_to(user).count() for user in (rep, manager, outsider, admin)}
    assert seen == {"周慕白": 1, "顾延年": 2, "何清越": 1, "管理员": 3}
    assert manager.scope is Scope.SUBTREE
    assert not rep.can(Permission.CUSTOMER_ASSIGN)
    assert manager.can(Permission.CUSTOMER_ASSIGN)
