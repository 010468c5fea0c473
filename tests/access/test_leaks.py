"""What nobody learns or does by the back door: searches, counts, used keys, undoing, odd roles, odd input."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context
from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.mass_actions import assign_many
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import Interaction
from kebu.exchange.imports.tests.sheets import GOOD, taken
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import Role, User
from tests.access.conftest import MakePlaces, Places, Viewers
from tests.cast import PASSWORD, ClientOf, MakeCustomer, MakeUser

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
HTMX = {"HX-Request": "true", "HX-Target": "rows"}
# Parts of the hidden customer's name, pinyin, phones, contact and number; and what lists can be asked.
ASKED = (
    "澄岳",
    "苏州澄岳精密",
    "chengyue",
    "szcy",
    "6285",
    "+86512628",
    "139123",
    "王砺峰",
    "wlf",
    "CUS",
    "0",
)
SEARCHES = (
    "/customers/?view=mine&q={}", "/customers/archive/?q={}", "/search/?q={}", "/interactions/quick/?q={}",
    "/customers/tabs/?q={}", "/customers/conditions/?q={}",
)  # fmt: skip
LISTS = (
    "/", "/customers/?view=team", "/customers/?view=today", "/customers/?view=overdue",
    "/customers/?assigned_at=untouched",
    "/customers/?view=mine&sort=-number", "/customers/?owner={rep}", "/customers/?owner=zhou",
    "/customers/?grade=A", "/customers/?next_follow_up_at=today", "/customers/?region=320500",
    "/customers/?cursor=WzAsMSwxLG51bGxd", "/customers/tabs/", "/customers/conditions/",
    "/customers/archive/", "/search/", "/interactions/quick/", "/imports/",
    "/imports/template/",
)  # fmt: skip
FRESH = re.compile(rb"\b[0-9a-f]{32}\b|\b\w{64}\b")  # keys and tokens of forms


def told(client: Client, address: str) -> list[tuple[int, bytes]]:
    """Page and fragment without what is new in every answer; of most searches the fragment, which is all they
    change of a page."""
    answers = [client.get(address, headers=HTMX)]
    if "q=" not in address or address.endswith(f"q={quote(ASKED[0])}"):
        answers.append(client.get(address))
    return [(a.status_code, b"" if a.streaming else FRESH.sub(b"", a.content)) for a in answers]


def test_the_hidden_make_no_difference(
    viewers: Viewers, make_places: MakePlaces, client_of: ClientOf, tmp_path: Path
) -> None:
    """Every list, count and search answers the same before and after there is something to hide."""
    rep = viewers["rep"]
    addresses = [url.format(quote(word)) for url in SEARCHES for word in ASKED]
    addresses += [url.format(rep=rep.pk) for url in LISTS]
    clients = {name: client_of(viewers[name]) for name in ("mate", "rival", "service", "audit")}
    before = {(name, url): told(client, url) for name, client in clients.items() for url in addresses}
    make_places(rep)
    taken(client_of(rep), tmp_path, GOOD)
    assert not [key for key, text in before.items() if told(clients[key[0]], key[1]) != text]
    assert told(client_of(rep), "/customers/")[0][1].count("澄岳".encode())


def test_a_double_tells_its_owner_alone(viewers: Viewers, places: Places, client_of: ClientOf) -> None:
    for name in ("mate", "rival"):
        for params in ({"name": "苏州澄岳精密有限公司"}, {"phone": "13912345678"}, {"phone": "051262850917"}):
            text = client_of(viewers[name]).post("/duplicates/", params).content.decode()
            assert "周慕白" in text
            assert not [
                secret for secret in ("澄岳", "王砺峰", "CUS", "6285", "139", "/customers/") if secret in text
            ]


CUSTOMER = {"name": "常熟听松有限公司", "phone": "13800138000"}


def forms(mine: Customer, key: str) -> dict[str, tuple[str, dict[str, str]]]:
    """The three forms that carry a key, filled in."""
    talk = {"summary": "来电", "method": "phone", "status": "ongoing"}
    return {
        "customer": ("/customers/new/", {**CUSTOMER, "submission": key}),
        "contact": (f"/contacts/new/?customer={mine.number}", {"name": "林间", "submission": key}),
        "talk": (f"/interactions/new/?customer={mine.number}", {**talk, "submission": key}),
    }


@pytest.mark.parametrize("first", ["customer", "contact", "talk"])
@pytest.mark.parametrize("second", ["customer", "contact", "talk"])
def test_a_key_opens_nothing_of_another_kind(
    first: str, second: str, viewers: Viewers, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """A key used for one form and sent with another makes its own record; it shows nobody else's."""
    hidden = [make_customer(viewers["rep"], [{"name": "王砺峰"}], name="苏州澄岳有限公司") for _ in range(4)]
    mine, client = make_customer(viewers["mate"]), client_of(viewers["mate"])
    filled = forms(mine, "k" * 32)
    assert client.post(*filled[first], headers=HTMX).status_code in (200, 204)
    counts = Customer.objects.count(), Contact.objects.count(), Interaction.objects.count()
    answer = client.post(*filled[second], headers=HTMX)
    text = answer.content.decode() + client.get("/me/").content.decode()
    shown = text + "".join(answer.headers.values()).encode().decode("unicode_escape")
    assert answer.status_code in (200, 204)
    assert not [secret for secret in ("澄岳", "王砺峰", hidden[0].number) if secret in shown]
    made = sum((Customer.objects.count(), Contact.objects.count(), Interaction.objects.count())) - sum(counts)
    assert made == (first != second)


def test_the_key_of_a_customer_given_away_opens_nothing(viewers: Viewers, client_of: ClientOf) -> None:
    client, form = client_of(viewers["mate"]), {**CUSTOMER, "submission": "k1"}
    client.post("/customers/new/", form)
    give(Customer.objects.get(), viewers["rep"], by=viewers["admin"])
    client.get("/me/")  # takes what was flashed
    answer = client.post("/customers/new/", form)
    assert answer.status_code == 404
    assert Customer.objects.count() == 1


def give(customer: Customer, owner: User, *, by: User) -> None:

    author = Author.for_user(by, Door.PAGE)
    assign_many(
        Customer.objects.all(), [customer.pk], owner.pk, by=author, at=timezone.now(), context=Context()
    )


def test_the_former_owner_takes_nothing_back(viewers: Viewers, places: Places, client_of: ClientOf) -> None:
    """Who archived a customer restores it no more once it is another's, nor when it was archived again."""
    shelved = Customer.objects.get(number=places["shelved"])
    undo = f"/batches/{places['batch']}/undo/"
    give(shelved, viewers["mate"], by=viewers["admin"])
    answer = client_of(viewers["rep"]).post(undo, headers=HTMX)
    assert "澄岳" not in answer.content.decode() + "".join(answer.headers.values())
    assert Customer.objects.get(pk=shelved.pk).is_archived
    give(shelved, viewers["rep"], by=viewers["admin"])
    by = Author.for_user(viewers["admin"], Door.PAGE)
    shelved.restore(by=by, at=timezone.now())
    shelved.archive(by=by, at=timezone.now())
    client_of(viewers["rep"]).post(undo, headers=HTMX)
    assert Customer.objects.get(pk=shelved.pk).is_archived


def test_owning_without_the_right_to_look(
    viewers: Viewers, make_places: MakePlaces, make_user: MakeUser, client_of: ClientOf
) -> None:
    """Without 查看客户 nothing of one's own customers shows anywhere, whatever else the roles allow."""
    blind = make_user("mo", "莫问")
    permissions = [permission.value for permission in Permission if permission != "customer.view"]
    for scope in ("own", "all"):
        role = Role.objects.create(name=scope, grants=dict.fromkeys(permissions, scope))
        blind.roles.set([role])
        places = make_places(blind)
        client = client_of(blind)
        shown = [
            "/", "/search/", "/search/?q=szcy", "/interactions/quick/", "/interactions/quick/?q=szcy",
            f"/contacts/{places['contact']}/edit/", "/customers/",
            f"/contacts/new/?customer={places['customer']}", f"/interactions/{places['interaction']}/edit/",
            f"/interactions/new/?customer={places['customer']}", f"/customers/{places['customer']}/edit/",
        ]  # fmt: skip
        for url in shown:
            text = client.get(url).content.decode()
            assert not [secret for secret in ("澄岳", "王砺峰", "1391234", "账期") if secret in text], url
        count = Customer.objects.filter(archived_at=None).count()
        client.post("/customers/archivals/", {"scope": "all"})
        client.post("/customers/archivals/", {"ids": places["id"]})
        assert Customer.objects.filter(archived_at=None).count() == count


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "/\\evil.example", "desk:desk", "报价"]
)
def test_signing_in_leads_nowhere_else(viewers: Viewers, client_of: ClientOf, place: str) -> None:
    sign_in = {"username": "zhou", "password": PASSWORD, "next": place}
    for answer in (
        Client().post("/sign-in/", sign_in),
        client_of(viewers["rep"]).get("/sign-in/", {"next": place}),
    ):
        assert (answer.status_code, answer["Location"]) == (302, "/")


def test_odd_input_is_told_not_stumbled_over(admin: User, client_of: ClientOf) -> None:
    """NUL where no form looks, names nobody can see, fields beyond the limits, numbers beyond any column."""
    client = client_of(admin)
    talk = {"customer": "CUS\0", "summary": "来电", "method": "phone"}
    assert client.post("/interactions/quick/", talk).status_code == 422
    for path in (
        "/settings/users/new/",
        "/settings/departments/new/",
        "/settings/roles/new/",
        "/dictionaries/new/",
    ):
        answer = client.post(path, {"name": "\u200b\u2060", "scope": "own"})
        assert answer.status_code == 422, path
        assert "请填" in answer.content.decode(), path
    assert client.post("/me/", {"name": "\u200b"}).status_code == 422
    assert client.post("/customers/new/", {"name": "长" * 4_000_000}).status_code == 400
    for name in ("headcount", "budget", "address", "first_contact_on", "phone"):
        form = {"name": "常熟听松有限公司", name: "2024年" * 200_000}
        answer = client.post("/customers/new/", form)
        assert (answer.status_code, "太长了" in answer.content.decode()) == (422, True), name
    for path in ("/contacts/{}/edit/", "/interactions/{}/edit/", "/imports/{}/", "/jobs/{}/"):
        assert client.get(path.format("9" * 30)).status_code == 404


def test_nothing_is_given_to_who_has_left(
    viewers: Viewers, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """No list offers them; a form made by hand does not get through either. What they own stays editable."""
    left, client = viewers["mate"], client_of(viewers["admin"])
    mine, theirs = make_customer(viewers["admin"]), make_customer(left)
    User.objects.filter(pk=left.pk).update(is_active=False)
    touch(STAFF)
    assert client.post("/customers/new/", {**CUSTOMER, "owner": left.pk}).status_code == 422
    for customer, status in ((mine, 422), (theirs, 302)):
        form = {"name": "常熟听松有限公司", "phone": "13800138000", "owner": left.pk, "version": "1"}
        assert client.post(f"/customers/{customer.number}/edit/", form).status_code == status
    assert set(Customer.objects.filter(owner=left)) == {theirs}
