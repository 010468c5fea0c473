"""The doors through which records are made, each with the form a person fills."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kebu.trials.site.browser import Answer, Browser
from kebu.trials.site.forms import read_form

KEY, MARK = "submission", "演练"
NUMBER = r"CUS\d+"
Words = Mapping[str, str]  # what addresses name: a customer's number, the key of a plan …
KeyOf = Callable[[str, str, str], str]  # the key of a row, by table, column and what stands there


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a record must be, once: ``column`` (or an expression) of ``table`` holds the mark. ``kind`` is
    what the journal calls it; without one the journal does not tell of its making."""

    table: str
    column: str
    kind: str = ""
    only: str = "1 = 1"

    @property
    def rows(self) -> str:
        """Its records with their marks, as SQL."""
        return f"(SELECT id, {self.column} AS mark FROM {self.table} WHERE {self.only})"  # noqa: S608  our names


@dataclass(frozen=True, slots=True)
class Door:
    """One create form; ``typed(mark, serial, words)`` is what a person fills in.

    ``code`` is in the marks. ``claims`` names what claims the form's key, as room and kind; without it no two
    records may have one name, and the second is refused. ``control`` is in the form and in no other of its
    page. The page is opened by ``asked`` as a form where it is given, and is ``page`` where that is not the
    address posted to. ``before`` makes what the form needs and gives its words; ``removal`` and ``after``
    take away again what may not pile up, else it is made ``most`` times. ``file`` is the ending of
    what is uploaded. ``by_target``: the record is known by the address one is sent to, not by the mark.
    """

    code: str
    address: str
    typed: Callable[[str, int, Words], dict[str, str]]
    traces: tuple[Trace, ...]
    claims: str = ""
    control: str = KEY
    page: str = ""
    who: str = "xiaoshou"
    asked: str = ""
    before: Callable[[Browser, str, int, Words, KeyOf], Words] | None = None
    removal: str = ""
    after: str = ""
    most: int = 1_000_000
    file: str = ""
    by_target: str = ""

    def filled(self, browser: Browser, mark: str, serial: int, words: Words) -> dict[str, str]:
        """Open the form and fill it; it carries the key of this one submission."""
        return self.opened(browser, words) | self.typed(mark, serial, words)

    def opened(self, browser: Browser, words: Words) -> dict[str, str]:
        """The form as it is served."""
        page = (self.page or self.address).format(**words)
        if self.asked:
            asked = {"csrfmiddlewaretoken": browser.cookies["csrftoken"], "step": "ask"}
            answer = browser.post(page, asked | {"ids": words[self.asked]})
        else:
            answer = browser.get(page)
        return read_form(answer.text, self.control)

    def send(self, tab: Browser, path: str, form: dict[str, str], mark: str) -> Answer:
        """Press the button."""
        if not self.file:
            return tab.post(path, form)
        content = f"客户公司名称,联系方式\n{mark},13900000000\n".encode()
        return tab.upload(path, form, "file", f"{mark}{self.file}", content)

    def make(self, browser: Browser, mark: str, serial: int, words: Words) -> Answer:
        """Send the form once; it is taken."""
        form = self.filled(browser, mark, serial, words)
        answer = self.send(browser, self.address.format(**words), form, mark)
        if answer.status >= 400:
            raise RuntimeError(f"{mark} was not made: {answer.status} {answer.text[:500]}")
        return answer

    def pattern(self) -> str:
        """What all its marks look like to LIKE."""
        return self.by_target or f"{mark_of(self.code, 0)[:-5]}_____"


def mark_of(code: str, serial: int) -> str:
    """What a record of the drill is recognised by."""
    return f"{MARK}{code}{serial:05d}"


def beginning(column: str, code: str) -> str:
    """The column as far as a mark reaches, as SQL."""
    return f"substr({column}, 1, {len(mark_of(code, 0))})"


def phone(serial: int) -> str:
    """A mobile number that nobody else in the drill has."""
    return f"139{serial:08d}"


def target(answer: Answer) -> str:
    """Where the answer sends the browser."""
    return answer.headers.get("Location") or answer.headers.get("HX-Redirect") or ""


def number_in(pattern: str, text: str) -> str:
    """What the pattern finds, which must be there."""
    if found := re.search(pattern, text):
        return found[1]
    raise LookupError(f"no {pattern} in {text[:500]}")


CUSTOMER = Door(
    "customer",
    "/customers/new/",
    lambda mark, serial, _words: {"name": mark, "phone": phone(serial), "contact-name": f"{mark}联系人"},
    (
        Trace("customers_customer", "name", "customer"),
        Trace("contacts_contact", "replace(name, '联系人', '')", "contact", "name LIKE '%%联系人'"),
    ),
    claims="crm.contacts 'customer'",
)
CONTACT = Door(
    "contact",
    "/contacts/new/?customer={customer}",
    lambda mark, serial, _words: {"name": mark, "phone": phone(serial)},
    (Trace("contacts_contact", "name", "contact"),),
    claims="crm.contacts 'contact'",
)
INTERACTION = Door(
    "interaction",
    "/interactions/new/?customer={customer}",
    lambda mark, _serial, _words: {"summary": mark},
    (Trace("interactions_interaction", "summary", "interaction"),),
    claims="crm.interactions 'interaction'",
)
WITH_CUSTOMER = (CUSTOMER, CONTACT, INTERACTION)


def first_customer(browser: Browser, name: str, serial: int, **more: str) -> str:
    """Make a customer by the form and return its number."""
    answer = browser.post(CUSTOMER.address, CUSTOMER.filled(browser, name, serial, {}) | more)
    if answer.status >= 400:
        raise RuntimeError(f"no customer could be made: {answer.status} {answer.text[:500]}")
    return number_in(f"({NUMBER})", target(answer))
