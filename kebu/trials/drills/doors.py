"""The doors through which records are made, each with the form a person fills."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from kebu.trials.site.browser import Answer, Browser
from kebu.trials.site.forms import read_form

KEY = "submission"


@dataclass(frozen=True, slots=True)
class Door:
    """One create form; ``typed(mark, number)`` are the words typed, the record is recognised by ``mark``.

    ``kind`` is what the journal calls the record, ``table`` and ``column`` are where the mark lands.
    """

    kind: str
    address: str
    table: str
    column: str
    typed: Callable[[str, int], dict[str, str]]

    def filled(self, browser: Browser, mark: str, serial: int) -> dict[str, str]:
        """Open the form and fill it; it carries the key of this one submission."""
        return read_form(browser.get(self.address).text, KEY) | self.typed(mark, serial)


def phone(serial: int) -> str:
    """A mobile number that nobody else in the drill has."""
    return f"139{serial:08d}"


CUSTOMER = Door(
    "customer",
    "/customers/new/",
    "customers_customer",
    "name",
    lambda mark, serial: {"name": mark, "phone": phone(serial), "contact-name": f"{mark}联系人"},
)


def first_customer(browser: Browser, name: str, serial: int) -> str:
    """Make a customer by the form and return its number."""
    answer = browser.post(CUSTOMER.address, CUSTOMER.filled(browser, name, serial))
    if found := re.search(r"CUS\d+", target(answer)):
        return found[0]
    raise RuntimeError(f"no customer could be made: {answer.status} {answer.text[:500]}")


def target(answer: Answer) -> str:
    """Where the answer sends the browser."""
    return answer.headers.get("Location") or answer.headers.get("HX-Redirect") or ""


def doors(customer: str) -> list[Door]:
    """Every create door; what hangs on a customer hangs on the one of that number."""
    contact = Door(
        "contact",
        f"/contacts/new/?customer={customer}",
        "contacts_contact",
        "name",
        lambda mark, serial: {"name": mark, "phone": phone(serial)},
    )
    interaction = Door(
        "interaction",
        f"/interactions/new/?customer={customer}",
        "interactions_interaction",
        "summary",
        lambda mark, _serial: {"summary": mark},
    )
    return [CUSTOMER, contact, interaction]
