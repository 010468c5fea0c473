"""What no browser sends and somebody will: every address has an answer to it, and it is never a failure."""

from collections.abc import Iterator
from copy import deepcopy
from itertools import cycle, islice, product
from typing import Any, ClassVar
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.trials.site.forms import FormReader
from tests.access.conftest import Places, Viewers
from tests.access.test_matrix import Row, rows
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db
ODD = (
    "9" * 40, "-1", "²", "x\0y", "长" * 5_000, "0001-01-01T00:00", "9999-12-31T23:59Z",
    "\u202e😀\u200b%_\\'\"*(", "[[1e999]]",
)  # fmt: skip
WORDS = (
    "q", "cursor", "sort", "view", "show", "before", "tab", "ids", "undo", "step", "twin", "version", "kind",
)  # fmt: skip
QUERIES = (
    "cursor=%ff%fe&q=%ed%a0%80&view=%c0%80&sort=%ff&before=%ff",
    "cursor=W10&cursor=W251bGxd&sort=-&sort=-name&q=1&q=2&grade=A&grade=A",
)
ENDLESS = "cursor=WzFlOTk5LDFd&" + "&".join(f"x{n}=1" for n in range(3_000))  # fmt: skip
BODIES = (
    (b'{"name": "x"}', "application/json"),
    (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
    (b"--x\r\nbroken", "multipart/form-data"),
    (b"name=%ff%fe&version=%ed%a0%80&ids=\xff", "application/x-www-form-urlencoded"),
    (b"name=x", "application/x-www-form-urlencoded; charset=bogus"),
)
GIANTS = (
    (b"&".join(b"f%d=1" % n for n in range(6_000)), "application/x-www-form-urlencoded"),
    (b"name=" + b"x" * 10_000_000, "application/x-www-form-urlencoded"),
)
NOW_AND_THEN, LONG = 12, 500
OF_ROLES = ("version", "customer.view", "customer.import", "field-customer.phone")
FRAGMENTS = ({"HX-Request": "true"}, {"HX-Request": "true", "HX-Target": "nowhere<é>"})
# What a form needs to get past its first check; the rest is as its page was served.
FILLED: dict[str, tuple[str, dict[str, str]]] = {
    "/customers/new/": ("rep", {"name": "常熟听松有限公司", "phone": "13800138000", "contact-name": "林间"}),
    "/customers/{customer}/edit/": ("rep", {}),
    "/customers/{customer}/stage/": ("rep", {"stage": "2", "version": "1"}),
    "/customers/archivals/": ("rep", {"ids": "{id}", "step": "ask"}),
    "/customers/assignment/": ("boss", {"ids": "{id}", "owner": "{user}", "step": "ask"}),
    "/contacts/new/?customer={customer}": ("rep", {"name": "林间", "phone": "13900139000"}),
    "/contacts/{contact}/edit/": ("rep", {}),
    "/interactions/new/?customer={customer}": ("rep", {"summary": "来电", "method": "phone"}),
    "/interactions/quick/": ("rep", {"customer": "{customer}", "summary": "来电", "method": "phone"}),
    "/interactions/{interaction}/edit/": ("rep", {}),
    "/desk/{customer}/postponement/": ("rep", {"day": "2100-01-01"}),
    "/imports/{import}/mapping/": ("rep", {"sheet": "", "header_row": "1", "column-0": "name"}),
    "/imports/{import}/corrections/": ("rep", {"cell-5-1": "13812345678", "show": ""}),
    "/imports/{import}/decisions/": ("rep", {"row": "2", "decision": "skip"}),
    "/me/": ("rep", {}),
    "/me/two-factor/": ("rep", {"code": "000000"}),
    "/me/sessions/": ("rep", {"session": "1"}),
    "/settings/sign-in/": ("admin", {"profile": "standard"}),
    "/settings/users/new/": ("admin", {"username": "song", "name": "宋砚"}),
    "/settings/users/{user}/": ("admin", {}),
    "/settings/departments/new/": ("admin", {"name": "销售三部"}),
    "/settings/departments/{department}/": ("admin", {}),
    "/settings/roles/new/": ("admin", {"name": "区域主管"}),
    "/settings/roles/{role}/": ("admin", {}),
    "/dictionaries/new/": ("admin", {"name": "展会"}),
    "/dictionaries/{term}/": ("admin", {}),
    "/dictionaries/industries/C39/": ("admin", {}),
}
Pair = tuple[str, str]
ONE_FIELD = "/customers/{customer}/field/%s/"


class Trial:
    """Sends, notes what failed, and undoes what was written; a session that ended goes on."""

    def __init__(self, client_of: ClientOf, viewers: Viewers) -> None:
        self.faults: list[str] = []
        self.clients = {viewer: client_of(viewers[viewer]) for viewer in ("rep", "boss", "admin")}
        for client in self.clients.values():
            client.raise_request_exception = False

    def send(self, viewer: str, verb: str, url: str, what: object, **data: Any) -> Any:
        client = self.clients[viewer]
        place, cookies = transaction.savepoint(), deepcopy(client.cookies)
        answer: Any = client.generic(verb, url, **data)
        if answer.status_code >= 500:
            error = answer.exc_info[1] if answer.exc_info else answer.status_code
            self.faults.append(f"{verb} {url[:80]} {str(what)[:80]!r}: {error!r}"[:400])
        transaction.savepoint_rollback(place)
        client.cookies = cookies
        return answer


def share(pairs: Iterator[Pair], is_long: bool = False) -> Iterator[Pair]:
    """Every fourth on PostgreSQL, which refuses what SQLite does and more (texts too long, NUL); else every
    seventh. Neither divides the number of values: each gets its turn, other ones than the word before it got.
    """
    return islice(pairs, 0, None, 4 if connection.vendor == "postgresql" and not is_long else 7)


def turns(ways: tuple[Any, ...], number: int, most: int) -> list[Any]:
    """So many of the ways: each address gets others than the one before it, and others on each database."""
    start = number * most + (connection.vendor == "postgresql")
    return [ways[(start + step) % len(ways)] for step in range(most)]


def who(row: Row) -> str:
    """One whom the matrix lets in."""
    return "rep" if row.expected["rep"] == "ok" else "admin"


@pytest.fixture
def trial(client_of: ClientOf, viewers: Viewers) -> Trial:
    return Trial(client_of, viewers)


@pytest.mark.slow
def test_odd_questions(trial: Trial, places: Places) -> None:
    """Every address asked for parts it does not have, and with bytes that are no text.

    What is refused before any view is asked (the endless question) is tried now and then.
    """
    ways = cycle(FRAGMENTS)
    for number, row in enumerate(rows()):
        viewer, url, headers = who(row), row.address.format(**places), next(ways)
        trial.send(viewer, row.verb, url, headers, headers=headers)
        queries = (*QUERIES, ENDLESS) if number % NOW_AND_THEN == 0 else turns(QUERIES, number // 2, 1)
        for query in queries if row.verb == "GET" else ():
            trial.send(viewer, "GET", f"{url.partition('?')[0]}?{query}", "")
    assert not trial.faults


@pytest.mark.slow
def test_odd_bodies(trial: Trial, places: Places) -> None:
    """Every form sent as something else; what is too big for any view is tried now and then."""
    for number, row in enumerate(row for row in rows() if row.verb == "POST"):
        for body, kind in (*BODIES, *GIANTS) if number % NOW_AND_THEN == 0 else turns(BODIES, number, 2):
            url = row.address.format(**places)
            trial.send(who(row), "POST", url, kind, data=body, content_type=kind)
    assert not trial.faults


class Heard(QueryDict):
    """The question of a request, which notes the words that were listened to; "" for all of them at once."""

    words: ClassVar[set[str]] = set()

    def __getitem__(self, key: str) -> Any:
        self.words.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.words.add(str(key))
        return super().__contains__(key)

    def _getlist(self, key: str, default: Any = None, force_list: bool = False) -> Any:
        self.words.add(key)
        return super()._getlist(key, default, force_list)  # type: ignore[misc]

    def __iter__(self) -> Iterator[str]:
        self.words.add("")
        return super().__iter__()

    def lists(self) -> Any:
        self.words.add("")
        return super().lists()


def heard_by_all(trial: Trial, words: list[str]) -> set[str]:
    """What the frame of every page listens to, as one's own page does, which asks for nothing else."""
    trial.send("rep", "GET", f"/me/?{urlencode(dict.fromkeys(words, '0'))}", "")
    return set(Heard.words)


@pytest.mark.slow
def test_every_word_of_an_address(trial: Trial, places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each known parameter: those of the list, of all pages, and the fields one can filter by.

    A page that listens to none of them is asked once, one that does with every second odd value (on SQLite
    every third), others than the page before it got; the list, which listens to all, with each by itself too,
    as a page and as a part in turn.
    """
    monkeypatch.setattr("django.core.handlers.wsgi.QueryDict", Heard)
    words, ways = sorted({*WORDS, *CUSTOMER_FIELDS}), cycle(({}, FRAGMENTS[0]))
    listening, of_all = set(), heard_by_all(trial, words)
    for number, row in enumerate(row for row in rows() if row.verb == "GET"):
        viewer, path = who(row), row.address.format(**places).partition("?")[0]
        Heard.words.clear()
        step = 2 if connection.vendor == "postgresql" else 3
        for odd in ODD[number % step :: step]:
            value = odd.replace("\0", "")[:LONG]  # with a NUL no view would see it
            query = urlencode(dict.fromkeys(words, value))
            trial.send(viewer, "GET", f"{path}?{query}", odd[:20])
            if not Heard.words & {"", *words} - of_all:
                break
            listening.add(path)
    assert {"/customers/", "/search/", "/journal/"} <= listening
    for word, odd in share(product(words, ODD)):
        trial.send("rep", "GET", f"/customers/?{urlencode({word: odd})}", "", headers=next(ways))
    assert not trial.faults


def forms(trial: Trial, places: Places) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Who sends which form where: the biggest one of its page, with what was served in it."""
    alone: dict[str, tuple[str, dict[str, str]]] = {
        ONE_FIELD % name: ("rep", {}) for name, field in CUSTOMER_FIELDS.items() if field.is_editable
    }
    for address, (viewer, values) in (FILLED | alone).items():
        url, reader = address.format(**places), FormReader("")
        reader.feed(trial.send(viewer, "GET", url, "").content.decode())
        served = max(reader.forms, key=len, default={})
        if url.startswith("/settings/roles/"):  # its eighty selects are all alike
            served = {name: text for name, text in served.items() if name in OF_ROLES}
        yield viewer, url, served | {name: text.format(**places) for name, text in values.items()}


@pytest.mark.slow
def test_every_field_of_every_form(trial: Trial, places: Places) -> None:
    """One odd value at a time, in a form that is right otherwise; sent as a page and as a part in turn.

    The fields of a customer stand in three forms; in that of a change each gets more of the odd values.
    """
    ways = cycle(({}, FRAGMENTS[0]))
    for viewer, url, form in list(forms(trial, places)):
        pairs = product(form, ODD)
        for name, odd in share(pairs, is_long=url == "/customers/new/" or "/field/" in url):
            body = encode_multipart(BOUNDARY, {**form, name: odd})
            sent: dict[str, Any] = {"data": body, "content_type": MULTIPART_CONTENT, "headers": next(ways)}
            trial.send(viewer, "POST", url, f"{name}={odd[:20]}", **sent)
    assert not trial.faults
