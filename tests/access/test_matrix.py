"""matrix.txt, tried out: every address and verb by everybody; refusals write nothing and tell nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from kebu.base.access.decorators import PUBLIC
from tests.access.conftest import MakePlaces, Places, Viewers
from tests.architecture.test_urls import all_patterns
from tests.cast import ClientOf
from tests.harness import WriteRefused

pytestmark = pytest.mark.django_db
Guard = Callable[[], AbstractContextManager[None]]
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
LET_IN = {200, 204, 286, 302, 409, 422}
SECRETS = ("澄岳", "王砺峰", "6285 0917", "62850917", "1391234", "139 1234", "账期", "海纳", "b0b0-b0b0")
BLIND = ("mate", "rival", "service", "audit")  # they see nothing of the customer
# but who reads the journal reads what was changed
TOLD = {("audit", "/journal/"), ("audit", "/journal/{entry}/reveal/phone/")}
# What a form needs to get as far as its rights; everywhere else an empty one does.
FORMS: dict[str, dict[str, str]] = {
    "/duplicates/": {"name": "suzhou"},
    "/customers/collaborators/": {"ids": "{id}", "user": "{user}", "level": "view"},
    "/customers/{customer}/collaborators/{share}/": {"level": "edit", "version": "1"},
    "/customers/archivals/": {"ids": "{id}"},
    "/pool/claims/": {"ids": "{id}"},
    "/pool/releases/": {"ids": "{id}", "why": "silent"},
    "/customers/edits/": {"ids": "{id}", "change-remark": "1"},
    "/customers/taggings/": {"ids": "{id}", "add": "重点客户"},
    "/customers/deletions/": {"ids": "{id}"},
    "/plans/postponements/": {"ids": "{plan}", "step": "ask"},
    "/plans/reassignments/": {"ids": "{plan}", "step": "ask"},
    "/customers/assignment/": {"ids": "{id}", "owner": "{user}"},
    "/segments/picked/": {"ids": "{id}", "name": "挑的几家"},
    "/exports/new/customers/": {"ids": "{id}", "which": "list", "format": "csv", "reason": "核对"},
    "/interactions/quick/": {"customer": "{customer}", "summary": "来电", "method": "phone"},
    "/customers/{customer}/field/owner/": {"owner": "{user}"},
}


class Row(NamedTuple):
    """One line of the matrix: what each viewer gets."""

    verb: str
    address: str
    expected: dict[str, str]


def rows() -> list[Row]:
    """The matrix."""
    return lines_of(Path(__file__).parent / "matrix.txt")


def lines_of(path: Path) -> list[Row]:
    """A matrix; its first line that is no comment names the columns."""
    text = path.read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    names = lines[0][2:]
    return [Row(verb, url, dict(zip(names, codes, strict=True))) for verb, url, *codes in lines[1:]]


def send(client: Client, row: Row, places: Places) -> Any:
    data = {name: text.format(**places) for name, text in FORMS.get(row.address, {}).items()}
    url = row.address.format(**places)
    return getattr(client, row.verb.lower())(url, data if row.verb == "POST" else None)


def attempt(client: Client, row: Row, places: Places, guard: AbstractContextManager[None]) -> str:
    """The status of one try, in words of the matrix when something else happened; undone afterwards, also
    what signs somebody out."""
    place, cookies = transaction.savepoint(), deepcopy(client.cookies)
    try:
        with guard:
            answer = send(client, row, places)
    except WriteRefused:
        return "wrote"
    finally:
        transaction.savepoint_rollback(place)
        client.cookies = cookies
    headers = " ".join(answer.headers.values())
    body = b"".join(answer) if answer.streaming else answer.content
    if any(secret in body.decode("utf-8", "replace") + headers for secret in SECRETS):
        return f"{answer.status_code} with secrets"
    return str(answer.status_code)


def fits(expected: str, got: str) -> bool:
    """Say whether the status is the one of the matrix; who is let in may see what he came for."""
    status = got.removesuffix(" with secrets")
    return got == expected if expected != "ok" else status.isdigit() and int(status) in LET_IN


@pytest.mark.slow
@pytest.mark.parametrize("viewer", ["rep", "boss", "mate", "rival", "market", "service", "audit", "admin"])
def test_matrix(viewer: str, viewers: Viewers, places: Places, client_of: ClientOf, read_only: Guard) -> None:
    client, wrong = client_of(viewers[viewer]), []
    for row in rows():
        expected = row.expected[viewer]
        got = attempt(client, row, places, nullcontext() if expected == "ok" else read_only())
        if not fits(expected, got):
            wrong.append(f"{row.verb} {row.address}: {got}, not {expected}")
        elif viewer in BLIND and got.endswith("secrets") and (viewer, row.address) not in TOLD:
            wrong.append(f"{row.verb} {row.address}: tells what {viewer} does not see")
    assert not wrong


OWN = """
GET    /customers/{customer}/                      ok   ok   403
GET    /customers/{customer}/edit/                 ok   403  403
POST   /customers/{customer}/stage/                ok   403  403
POST   /customers/{customer}/archival/             403  403  403
POST   /customers/archivals/                       403  403  403
POST   /customers/assignment/                      403  403  403
POST   /batches/{batch}/undo/                      403  403  403
POST   /customers/{customer}/deletion/             403  403  403
POST   /contacts/new/?customer={customer}          ok   403  403
POST   /contacts/{contact}/edit/                   ok   403  403
POST   /interactions/new/?customer={customer}      ok   403  403
POST   /interactions/quick/                        ok   403  403
POST   /interactions/{interaction}/edit/           403  403  403
POST   /duplicates/                                403  ok   403
"""


@pytest.mark.slow
def test_owning_gives_no_right(
    viewers: Viewers, make_places: MakePlaces, client_of: ClientOf, read_only: Guard
) -> None:
    """A customer of one's own is worth what one's role allows."""
    wrong = []
    for column, viewer in enumerate(("service", "market", "audit")):
        places = {**make_places(viewers[viewer]), "user": str(viewers["rep"].pk)}
        client = client_of(viewers[viewer])
        for verb, address, *codes in (line.split() for line in OWN.strip().splitlines()):
            row, guard = Row(verb, address, {}), nullcontext() if codes[column] == "ok" else read_only()
            got = attempt(client, row, places, guard)
            if not fits(codes[column], got):
                wrong.append(f"{viewer} {verb} {address}: {got}, not {codes[column]}")
    assert not wrong


def resolved(row: Row, places: Places) -> str:
    return resolve(urlsplit(row.address.format(**places)).path).view_name


def test_every_address_has_its_rows(places: Places) -> None:
    """None is forgotten."""
    known = {resolved(row, places) for row in rows()}
    public = {name for name, entry in all_patterns() if getattr(entry.callback, "permission", "") == PUBLIC}
    assert {name for name, _entry in all_patterns()} - public == known


@pytest.mark.slow
def test_a_verb_without_a_row_is_not_served(
    viewers: Viewers, places: Places, client_of: ClientOf, read_only: Guard
) -> None:
    known = {(resolved(row, places), row.verb): row for row in rows()}
    client, wrong = client_of(viewers["admin"]), []
    for (name, _verb), row in known.items():
        for verb in VERBS:
            if (name, verb) not in known:
                got = attempt(client, row._replace(verb=verb), places, read_only())
                if got[:3] not in ("405", "404"):
                    wrong.append(f"{verb} {row.address}: {got}")
    assert not wrong


@pytest.mark.slow
def test_strangers_and_forged_forms(
    viewers: Viewers, places: Places, client_of: ClientOf, read_only: Guard
) -> None:
    """Without a session one is asked to sign in; without the form's token nothing is done for anybody."""
    signed_in, wrong = client_of(viewers["rep"]), []
    forged = Client(enforce_csrf_checks=True)
    forged.cookies = signed_in.cookies
    for row in rows():
        with read_only():
            answer = send(Client(), row, places)
            fragment = Client(headers={"HX-Request": "true"})
            refused = send(fragment, row, places)
            if row.verb not in ("GET", "HEAD") and send(forged, row, places).status_code != 403:
                wrong.append(f"{row.verb} {row.address}: no token, {row}")
        sent_away = answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=")
        if not sent_away or refused.status_code not in (401, 302) or answer.content or refused.content:
            wrong.append(f"{row.verb} {row.address}: {answer.status_code} {refused.status_code}")
    assert not wrong


def test_unknown_addresses(client_of: ClientOf, viewers: Viewers) -> None:
    for path in ("/admin/", "/media/imports/", "/files/", "/static/../kebu.sqlite3"):
        with pytest.raises(Resolver404):
            resolve(path)
        assert client_of(viewers["admin"]).get(path).status_code == 404
