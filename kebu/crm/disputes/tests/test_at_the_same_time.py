"""Several people at once: one decision stands, one share stands, and everybody is told."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from kebu.base.access.sharing import share_label
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.models import INDEX, Collaborator, Customer
from kebu.crm.disputes import actions
from kebu.crm.disputes.actions import Hidden, ask, decide, tell
from kebu.crm.disputes.choices import Outcome, Why
from kebu.crm.disputes.models import Dispute, Sighting
from kebu.office.staff.models import User
from tests.at_once import outcomes
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_decide_at_once(
    rep: User, outsider: User, manager: User, admin: User, make_customer: MakeCustomer
) -> None:
    """One wins, the other is told; what the loser meant is not carried out."""
    customer, at = make_customer(rep), timezone.now()
    by = Author.for_user(outsider, Door.PAGE)
    tell([Hidden(customer.pk, "", Why.NAME, "澄岳")], to=outsider, by=by, at=at)
    values = {"aim": "contest", "reason": "先认识", "evidence": "名片", "contacted_on": None}
    assert ask(Sighting.objects.get(), values, by=by, at=at) is not None

    def deciding(user: User, outcome: Outcome) -> Callable[[], bool]:
        dispute, author = Dispute.objects.get(), Author.for_user(user, Door.PAGE)
        told = {"decider": user, "by": author, "at": timezone.now(), "context": Context()}
        return lambda: decide(dispute, outcome, "就这样", **told)  # type: ignore[arg-type]

    results = outcomes([deciding(manager, Outcome.GOES), deciding(admin, Outcome.BOTH)])
    assert sorted(map(str, results)) == ["False", "True"]
    dispute = Dispute.objects.get()
    has_moved = Customer.objects.get().owner_id == outsider.pk
    assert has_moved == (dispute.outcome == Outcome.GOES)
    assert Collaborator.objects.exists() == (dispute.outcome == Outcome.BOTH)
    assert JournalEntry.objects.filter(kind="dispute", action="change").count() == 1


def test_let_in_at_once(
    rep: User, mate: User, outsider: User, manager: User, make_customer: MakeCustomer
) -> None:
    """Each of several people stands once, whoever let him in, and searches find the customer for all."""
    customer, people = make_customer(rep, name="常熟听松有限公司"), [mate, outsider, mate, outsider]
    authors = [Author.for_user(user, Door.PAGE) for user in (rep, manager, manager, rep)]
    results = outcomes(
        [
            lambda user=user, by=by: let_in([customer], Grant(user.pk), by=by, at=timezone.now())  # type: ignore[misc]
            for user, by in zip(people, authors, strict=True)
        ]
    )
    assert sorted(map(str, results)) == ["0", "0", "1", "1"]
    customer.refresh_from_db()
    assert customer.collaborator_ids == sorted([mate.pk, outsider.pk])
    for user in (mate, outsider):
        assert INDEX.find("听松", [share_label(user.pk)]) == [customer.pk]


def test_checks_at_once_tell_no_more_than_the_day_allows(
    rep: User, outsider: User, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PER_DAY", 3)
    by, at = Author.for_user(outsider, Door.PAGE), timezone.now()
    hidden = [Hidden(make_customer(rep).pk, "周慕白", Why.NAME, "澄岳") for _number in range(8)]
    results = outcomes(
        [lambda one=one: tell([one], to=outsider, by=by, at=at)[one.customer_id].owner for one in hidden]  # type: ignore[misc]
    )
    assert sorted(map(str, results)) == [""] * 5 + ["周慕白"] * 3
    assert Sighting.objects.count() == 3
