"""No page offers what its reader would be refused: links, buttons and forms he has no right to are not drawn.

Somebody has every right, everywhere, but one; or that one over his own customers only. The pages that offer
something for that right when it is there must not offer it now.
"""

from collections import defaultdict
from contextlib import suppress
from functools import cache
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from kebu.base.access.choices import Module, Permission
from kebu.crm.followups.views import TASK
from kebu.office.staff.models import Role, User
from tests.access.conftest import Places
from tests.access.gates import gates
from tests.access.oracle import doors
from tests.access.test_matrix import rows
from tests.cast import ClientOf, MakeUser
from tests.journeys.once import words

pytestmark = [pytest.mark.slow, pytest.mark.django_db, words]
SENDING = {
    "href": "GET",
    "hx-get": "GET",
    "hx-post": "POST",
    "hx-put": "PUT",
    "hx-delete": "DELETE",
    "formaction": "POST",
}
EVERYTHING = {one.value: "all" for one in Permission}
UNOFFERED = {"customer.reveal", "interaction.delete"}  # no view of their own is led to
ALL_OFFERS: dict[str, set[tuple[str, str, str]]] = {}  # found once in a process
Offer = tuple[str, str, str]  # verb, name of the view, "customer" when it names one, or what it moves
ALSO = (
    "/customers/?grade=A",
    "/plans/?view=team",
    "/interactions/?view=team",
    "/?look=team",
    "/changes/?tab=proposals",
    "/changes/?tab=late",
    "/customers/?look=board&by=grade",
)


class Offers(HTMLParser):
    """What a page lets its reader do: its links, what sends by itself, forms that something sends."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found = set[tuple[str, str]]()
        self.form = list[tuple[str, str]]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        here = [(verb, told[name]) for name, verb in SENDING.items() if name in told]
        if tag == "form":
            self.form = [(told.get("method", "get").upper(), told.get("action", "")), *here]
            here = here if "hx-trigger" in told else []
        is_button = tag == "button" and told.get("type", "submit") == "submit"
        if is_button or "data-submit-on" in told or (tag == "input" and told.get("type") == "submit"):
            here += self.form
        self.found.update(here)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = []


found_at = cache(resolve)  # a page names the same doors again and again


def offer_of(verb: str, address: str) -> Offer:
    path, query = urlsplit(address)[2:4]
    found = found_at(path)
    is_of_customer = parse_qs(query).get("customer", [TASK])[0] != TASK
    return verb, found.view_name, "customer" if is_of_customer else found.kwargs.get("source", "")


def offered(client: Client, address: str) -> set[Offer]:
    """All that the page leads to."""
    answer = client.get(address)
    found = set[Offer]()
    if answer.status_code == 200 and not answer.streaming:
        for verb, url in Offers(answer.content.decode("utf-8", "replace")).found:
            with suppress(Resolver404):
                found.add(offer_of(verb, url))
    return found


def asked_by_views() -> dict[str, str]:
    """The rights that views name."""
    return {name: str(getattr(entry.callback, "permission", "")) for name, entry in gates()}


def asked_of_customers() -> dict[Offer, set[str]]:
    """The rights that must reach the customer, of doors whose address names it."""
    found = defaultdict[Offer, set[str]](set)
    for door in doors():
        if "{" in door.address:
            offer = offer_of(door.verb, door.address.format_map(defaultdict(lambda: "1")))
            found[offer].add(door.right.rstrip("!"))
    return found


PAGES = [*(row.address for row in rows() if row.verb == "GET"), *ALSO]


@pytest.fixture
def reader(make_user: MakeUser) -> User:
    user = make_user("quan", "全知")
    user.roles.set([Role.objects.create(name="几乎什么都能", grants=EVERYTHING)])
    return user


@pytest.fixture
def all_offers(reader: User, places: Places, client_of: ClientOf) -> dict[str, set[Offer]]:
    """What each page offers to who has every right; what every page offers is told once, with the desk."""
    if not ALL_OFFERS:
        client = client_of(reader)
        frame = offered(client, "/me/")
        for page in PAGES:
            here = offered(client, page.format(**places))
            ALL_OFFERS[page] = here - frame if page != "/" else here
    return ALL_OFFERS


@pytest.mark.parametrize("module", [one for one in Module if one != Module.SEGMENT])
def test_nothing_is_offered_that_is_refused(
    module: Module, reader: User, places: Places, client_of: ClientOf, all_offers: dict[str, set[Offer]]
) -> None:
    client, named, reaching = client_of(reader), asked_by_views(), asked_of_customers()
    role, wrong, seen = reader.roles.get(), list[str](), set[str]()
    rights = [right for right in Permission if right.module == module]
    for right in rights:
        for scope in ("", "own") if right.is_scoped else ("",):
            role.grants = EVERYTHING | {right.value: scope}
            if not scope:
                del role.grants[right.value]
            role.save()
            for page, offers in all_offers.items():
                mine = {one for one in offers if right in reaching.get(one, ())}
                if not scope:
                    mine |= {one for one in offers if named.get(one[1]) == right}
                seen |= {right.value} if mine else set()
                if mine and (left := mine & offered(client, page.format(**places))):
                    wrong.append(f"{page} without {right} {scope}: {sorted(left)}")
    assert not wrong, "\n".join(wrong)
    assert set(rights) - seen == UNOFFERED & set(rights)
