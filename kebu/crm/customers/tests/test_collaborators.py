"""Collaborators: who lets them in, what they see and do, and that it ends at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kebu.base.access.choices import Permission
from kebu.base.batches.models import Batch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.collaborators import Grant, end_expired, let_go, let_in
from kebu.crm.customers.models import Collaborator, Customer
from kebu.crm.customers.tests.test_bulk import told
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def share(customer: Customer, user: User, level: str = "view", days: int | None = None) -> Collaborator:
    assert customer.owner is not None
    until = None if days is None else timezone.localdate() + timedelta(days=days)
    by = Author.for_user(customer.owner, Door.PAGE)
    let_in([customer], Grant(user.pk, level, until), by=by, at=timezone.now())
    return Collaborator.objects.get(customer=customer, user=user)


def status(user: User, client_of: ClientOf, customer: Customer) -> int:
    return client_of(user).get(customer.get_absolute_url()).status_code


def test_let_in_from_the_page(
    rep: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """The dialog offers everybody; once in, he finds the customer everywhere, and its page names him."""
    customer, client = make_customer(rep, name="常熟听松有限公司"), client_of(rep)
    asked = client.post("/customers/collaborators/", {"ids": customer.pk, "step": "ask"}, headers=HTMX)
    assert "何清越" in asked.content.decode()
    form = {"ids": customer.pk, "user": outsider.pk, "level": "view", "until_on": ""}
    assert client.post("/customers/collaborators/", form, headers=HTMX).status_code == 204
    assert "何清越" in client.get(customer.get_absolute_url()).content.decode()
    other = client_of(outsider)
    for address in (
        customer.get_absolute_url(),
        "/customers/?view=shared",
        "/customers/?view=shared&q=tingsong",
        "/search/?q=tingsong",
    ):
        assert "听松" in other.get(address).content.decode(), address
    assert "我协作的" in other.get("/customers/").content.decode()
    assert "我协作的" not in client.get("/customers/").content.decode()
    assert "加协作人" in client.get(f"{customer.get_absolute_url()}history/").content.decode()


def test_what_a_level_allows(
    rep: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, client = make_customer(rep), client_of(outsider)
    row = share(customer, outsider)
    doings = (
        (f"/customers/{customer.number}/field/need/", {"need": "丝杠", "version": "1"}),
        (f"/contacts/new/?customer={customer.number}", {"name": "林间"}),
        (f"/interactions/new/?customer={customer.number}", {"summary": "来电", "method": "phone"}),
    )
    assert [client.post(url, form).status_code for url, form in doings] == [403, 403, 403]
    level = {"level": "edit", "version": str(row.version)}
    change = f"/customers/{customer.number}/collaborators/{row.pk}/"
    assert client.post(change, level).status_code == 403
    assert client_of(rep).post(change, level, headers=HTMX).status_code == 204
    assert client_of(rep).post(change, {**level, "level": "view"}, headers=HTMX).status_code == 409
    assert all(client.post(url, form).status_code in (200, 302) for url, form in doings)
    for url in (
        f"/customers/{customer.number}/archival/",
        "/customers/archivals/",
        "/customers/collaborators/",
    ):
        form = {"ids": str(customer.pk), "user": str(outsider.pk), "level": "view"}
        assert client.post(url, form, headers=HTMX).status_code == 403, url
    outsider.roles.set(Role.objects.filter(code="marketing"))
    assert client_of(outsider).get(f"/customers/{customer.number}/edit/").status_code == 403


def test_it_ends_at_once(
    rep: User, outsider: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """Taken out, expired, left by himself, or given away: the next request finds nothing."""
    customer = make_customer(rep, name="常熟听松有限公司")
    row, page = share(customer, outsider), customer.get_absolute_url()
    assert status(outsider, client_of, customer) == 200
    removal = f"{page}collaborators/{row.pk}/removal/"
    assert client_of(mate).post(removal).status_code == 404
    assert client_of(rep).post(removal, headers=HTMX).status_code == 204
    for address in (page, "/customers/?view=shared", "/search/?q=tingsong", f"{page}history/"):
        assert "听松" not in client_of(outsider).get(address).content.decode()
    row = share(customer, outsider, days=0)
    assert status(outsider, client_of, customer) == 200
    Collaborator.objects.update(until_on=timezone.localdate() - timedelta(days=1))
    assert status(outsider, client_of, customer) == 404
    assert end_expired(timezone.localdate(), at=timezone.now()) == 1
    outsider.refresh_from_db()
    assert not outsider.is_collaborator
    row = share(customer, outsider)
    left = client_of(outsider).post(f"{page}collaborators/{row.pk}/removal/", headers=HTMX)
    assert left.headers["HX-Redirect"] == "/customers/"
    assert status(outsider, client_of, customer) == 404
    assert Customer.objects.get().collaborator_ids == []


def test_handed_over(
    rep: User, mate: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """The former owner keeps looking only if that was ticked; who gets it is no collaborator any more."""
    lost, kept = make_customer(rep), make_customer(rep)
    share(lost, mate, "edit")
    client = client_of(manager)
    client.post("/customers/assignment/", {"ids": lost.pk, "owner": mate.pk}, headers=HTMX)
    client.post(
        "/customers/assignment/", {"ids": kept.pk, "owner": mate.pk, "keeps_former": "on"}, headers=HTMX
    )
    assert [status(rep, client_of, customer) for customer in (lost, kept)] == [404, 200]
    assert client_of(rep).get(f"/customers/{kept.number}/edit/").status_code == 403
    assert not Collaborator.objects.filter(user=mate).exists()
    client.post("/customers/assignment/", {"ids": lost.pk, "owner": rep.pk}, headers=HTMX)
    assert status(mate, client_of, lost) == 404
    form = {"ids": f"{lost.pk},{kept.pk}", "user": mate.pk, "level": "edit"}
    assert client_of(rep).post("/customers/collaborators/", form, headers=HTMX).status_code == 403
    assert client.post("/customers/collaborators/", form, headers=HTMX).status_code == 204
    assert list(Collaborator.objects.values_list("customer", "user").order_by("customer")) == [
        (lost.pk, mate.pk),
        (kept.pk, rep.pk),
    ]


def test_an_assignment_taken_back_gives_the_share_back_too(
    rep: User, mate: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """As it was before: who had got it works on it as a collaborator again, and until the same day."""
    shared, over, plain = (make_customer(rep) for _ in range(3))
    until = timezone.localdate() + timedelta(days=9)
    share(shared, mate, "edit", days=9)
    share(over, mate, days=-1)
    form = {"ids": f"{shared.pk},{over.pk},{plain.pk}", "owner": mate.pk, "keeps_former": "on"}
    client = client_of(manager)
    client.post("/customers/assignment/", form, headers=HTMX)
    client.post(f"/batches/{Batch.objects.get().code}/undo/", headers=HTMX)
    assert set(Customer.objects.values_list("owner", flat=True)) == {rep.pk}
    kept = Collaborator.objects.values_list("customer", "user", "level", "until_on")
    assert list(kept) == [(shared.pk, mate.pk, "edit", until)]
    assert [status(mate, client_of, one) for one in (shared, over, plain)] == [200, 404, 404]
    shared.refresh_from_db()
    assert shared.collaborator_ids == [mate.pk]


def test_statements(rep: User, outsider: User, make_customer: MakeCustomer) -> None:
    """Without shares not a word more is asked; with them one statement, and lists are sorted by an index."""
    customer = make_customer(rep)
    before = str(Customer.objects.visible_to(outsider).query)
    assert before.count("IN") == 1
    share(customer, outsider)
    user = User.objects.get(pk=outsider.pk)
    assert user.can(Permission.CUSTOMER_VIEW)
    with CaptureQueriesContext(connection) as captured:
        assert list(Customer.objects.visible_to(user)) == [customer]
        assert list(Customer.objects.editable_by(user)) == []
        assert list(Customer.objects.shared_with(user)) == [customer]
    assert len(captured) == 4
    assert str(Customer.objects.of_reach(user).query) == before


def test_many_at_once_and_what_the_journal_says(rep: User, mate: User, make_customer: MakeCustomer) -> None:
    customers = [make_customer(rep) for _ in range(3)]
    by, at = Author.for_user(rep, Door.PAGE), timezone.now()
    assert let_in(customers, Grant(mate.pk), by=by, at=at) == 3
    assert let_in(customers, Grant(mate.pk), by=by, at=at) == 0
    assert let_in(customers, Grant(rep.pk), by=by, at=at) == 0
    assert let_in(customers[:1], Grant(mate.pk, "edit"), by=by, at=at) == 1
    assert let_go(Collaborator.objects.all(), by=by, at=at) == 3
    actions = JournalEntry.objects.filter(kind="collaborator").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["create"] * 3 + ["change"] + ["delete"] * 3


def test_what_he_did_is_not_his_to_take_back_any_more(
    rep: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """An address to undo, or a form, kept from when he worked on the customer opens nothing."""
    customer, client = make_customer(rep), client_of(outsider)
    row = share(customer, outsider, "edit")
    form = {"ids": str(customer.pk), "change-remark": "1", "remark": "要样品"}
    assert client.post("/customers/edits/", form, headers=HTMX).status_code == 204
    customer.refresh_from_db()
    assert customer.remark == "要样品"
    undo = f"/batches/{Batch.objects.get().code}/undo/"
    let_go([row], by=Author.for_user(rep, Door.PAGE), at=timezone.now())
    client.post(undo, headers=HTMX)
    page = f"/customers/{customer.number}/field/remark/"
    assert client.post(page, {"remark": "别的", "version": customer.version}, headers=HTMX).status_code == 404
    customer.refresh_from_db()
    assert customer.remark == "要样品"


def test_many_are_shared_unshared_and_given_back(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """What a batch of shares did is taken back, but not where somebody changed the share since."""
    first, second, third = (make_customer(rep) for _ in range(3))
    let_in([third], Grant(mate.pk, "edit"), by=Author.for_user(rep, Door.PAGE), at=timezone.now())
    client, form = client_of(rep), {"user": mate.pk, "level": "view", "until_on": "", "scope": "all"}
    url = "/customers/collaborators/"

    def levels() -> list[tuple[int, str]]:
        return list(Collaborator.objects.order_by("customer").values_list("customer", "level"))

    asked = client.post(url + "?view=mine", {"scope": "all", "step": "ask"}, headers=HTMX).content.decode()
    assert "移除这位协作人" in asked
    assert f'hx-post="{url}?view=mine"' in asked
    shared = client.post(url, form, headers=HTMX)
    assert told(shared)["text"] == "林知遥已是3个客户的协作人"
    assert levels() == [(first.pk, "view"), (second.pk, "view"), (third.pk, "view")]
    let_in([second], Grant(mate.pk, "edit"), by=Author.for_user(rep, Door.PAGE), at=timezone.now())
    undone = client.post(told(shared)["undo"], headers=HTMX)
    assert told(undone)["text"] == "已撤销，2个客户恢复原样，1个没有动"
    assert levels() == [(second.pk, "edit"), (third.pk, "edit")]

    ended = client.post(url, {**form, "act": "remove", "level": "x"}, headers=HTMX)
    assert told(ended)["text"] == "林知遥不再是2个客户的协作人"
    assert levels() == []
    assert client_of(mate).get(second.get_absolute_url()).status_code == 404
    client.post(told(ended)["undo"], headers=HTMX)
    assert levels() == [(second.pk, "edit"), (third.pk, "edit")]
    assert client_of(mate).get(second.get_absolute_url()).status_code == 200
    nobody = client.post(url, {**form, "act": "remove", "user": rep.pk}, headers=HTMX)
    assert told(nobody)["text"].endswith("本来就不是这些客户的协作人")
