"""New rows are what Django's constructor makes of them."""

import pytest
from django.apps import apps
from django.db.models import Model

from kebu.base.bulk.fresh import fresh
from kebu.crm.customers.models import Customer

OURS = [model for model in apps.get_models() if model.__module__.startswith("kebu.")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_fresh_row_is_what_the_constructor_makes(model: type[Model]) -> None:
    made, expected = vars(fresh(model)), vars(model())
    fields = [field for field in model._meta.concrete_fields if field.has_default()]
    by_chance = {field.attname for field in fields if field.get_default() != field.get_default()}
    assert made.keys() == expected.keys()
    assert [n for n in made.keys() - by_chance - {"_state"} if made[n] != expected[n]] == []
    assert (made["_state"].adding, made["_state"].db) == (True, None)


def test_rows_share_no_list_and_keep_what_was_given() -> None:
    one, other = fresh(Customer, owner_id=7), fresh(Customer, tag_ids=[3])
    one.tag_ids.append(5)
    assert (one.owner_id, other.owner_id) == (7, None)
    assert (other.tag_ids, fresh(Customer).tag_ids) == ([3], [])
    assert one._state is not other._state
