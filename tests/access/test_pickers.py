"""Colleagues out of one's reach are not offered: not to filter by, not to give to, not in words.

Plans and records name everybody who works here: whoever is asked to help carries out, and logs.
"""

import pytest
from django.utils import timezone

from kebu.base.access.choices import Permission
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.recycling.actions import discard
from kebu.crm.recycling.registry import TREES
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
PAGES = """
/customers/?owner={rep} /customers/?look=board&by=owner /customers/?look=board&by=grade&owner={rep}
/customers/filter/ /customers/filter/?where=or(owner.is:{rep},grade.is:A) /customers/conditions/
/customers/conditions/?owner={rep} /customers/new/ /customers/{mine}/ /customers/{mine}/edit/
/customers/{mine}/field/owner/ /segments/new/?owner={rep} /views/new/?owner={rep}
/calendar/?who={rep} /journal/ /journal/?who={rep} /promises/?tab=rates /changes/?tab=late&rep={rep}
/meetings/ /recycle-bin/
"""
FORMS = (
    ("/customers/edits/", {"ids": "{id}", "step": "ask"}),
    ("/customers/edits/?owner={rep}", {"scope": "all", "step": "ask"}),
    ("/customers/assignment/", {"ids": "{id}", "step": "ask"}),
    ("/exports/new/customers/", {"ids": "{id}", "step": "ask"}),
    ("/exports/new/customers/?owner={rep}", {"scope": "all", "step": "ask"}),
)


@pytest.fixture
def su(make_user: MakeUser) -> User:
    """She may everything in 销售二部, but not say who works here."""
    user = make_user("su", "苏晚", department="销售二部")
    grants = {one.value: "department" for one in Permission if one != Permission.STAFF_MANAGE}
    user.roles.set([Role.objects.create(name="二部主管", grants=grants)])
    return user


def test_colleagues_out_of_reach_are_not_offered(
    rep: User, outsider: User, su: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    make_customer(rep)
    lost, by = make_customer(rep), Author.for_user(rep, Door.PAGE)
    discard(TREES["customer"], [lost.pk], by=by, at=timezone.now())
    mine, client = make_customer(su), client_of(su)
    keys = {"rep": rep.pk, "mine": mine.number, "id": mine.pk}
    answers = {url: client.get(url.format(**keys)) for url in PAGES.split()}
    for url, form in FORMS:
        sent = {name: text.format(**keys) for name, text in form.items()}
        answers[f"{url} {form}"] = client.post(url.format(**keys), sent, headers={"HX-Request": "true"})
    texts = {url: answer.content.decode() for url, answer in answers.items()}
    assert not [url for url, text in texts.items() if rep.name in text]
    assert sum(outsider.name in text for text in texts.values()) > 8
