"""Customers that had no owner before there was a pool are in it."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from kebu.crm.customers.models import Customer
from kebu.crm.pool.models import PoolEntry
from kebu.office.staff.models import Role, User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
migration = import_module("kebu.crm.pool.migrations.0002_ownerless")


@pytest.fixture
def _former(shipped: None) -> None:
    """Before the migration: roles without the rights."""
    for role in Role.objects.all():
        role.grants = {right: scope for right, scope in role.grants.items() if not right.startswith("pool.")}
        role.save()


@pytest.mark.usefixtures("_former")
def test_they_have_stretches_and_who_sells_may_claim(rep: User, make_customer: MakeCustomer) -> None:
    owned, lone, given = make_customer(rep), make_customer(None), make_customer(None)
    at = timezone.now().replace(microsecond=0)
    Customer.objects.filter(pk=given.pk).update(assigned_at=at)
    PoolEntry.objects.all().delete()

    class Editor:
        pass

    editor = Editor()
    editor.connection = connection  # type: ignore[attr-defined]
    migration.enter(apps, editor)
    migration.grant(apps, editor)
    found = {row.customer_id: row for row in PoolEntry.objects.all()}
    assert found.keys() == {lone.pk, given.pk}
    assert owned.pk not in found
    assert (found[given.pk].since, found[lone.pk].came) == (at, "ownerless")
    assert found[lone.pk].since == Customer.objects.get(pk=lone.pk).created_at
    able = {role.code for role in Role.objects.all() if "pool.claim" in role.grants}
    assert able == {"sales", "manager", "admin"}
