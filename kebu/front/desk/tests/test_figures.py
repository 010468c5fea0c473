"""What the desk counts agrees with what rows say of themselves."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from kebu.crm.interactions.models import TOLD_LATE, Interaction
from kebu.front.desk.figures import waiting
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_late_is_what_was_recorded_more_than_a_day_later(
    rep: User, mate: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    now, customer = timezone.now(), make_customer(owner=rep)
    for after in (timedelta(0), DAY - timedelta(seconds=1), DAY, DAY + timedelta(milliseconds=2)):
        moments = {"happened_at": now, "created_at": now + after, "updated_at": now}
        Interaction.objects.create(customer=customer, author=rep, summary="谈过了", **moments)
    late = [told.pk for told in Interaction.objects.all() if told.is_late]
    assert list(Interaction.objects.filter(TOLD_LATE).values_list("pk", flat=True)) == late
    assert len(late) == 1
    found = waiting([rep.pk, mate.pk], timezone.localdate())
    assert [(found[user.pk].told, found[user.pk].late) for user in (rep, mate)] == [(4, 1), (0, 0)]
    for user in (rep, manager):
        page = client_of(user).get("/").content.decode()
        assert re.search(r"<dd>75<small>%", page)


def test_all_customers_of_a_colleague_are_counted_whenever_they_are_due(
    rep: User, make_customer: MakeCustomer
) -> None:
    now = timezone.now()
    for days in (-400, 0, 3, 200, None):
        make_customer(owner=rep, next_follow_up_at=now + timedelta(days=days) if days is not None else None)
    assert waiting([rep.pk], timezone.localdate())[rep.pk].customers == 5
