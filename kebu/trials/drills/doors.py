"""The doors through which records are made, each with the form a person fills."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from kebu.trials.site.browser import Answer, Browser
from kebu.trials.site.forms import read_form

KEY = "submission"


@dataclass(frozen=True, slots=True)
class Door:
    """One create form; ``typed(mark, number)`` are the words typed, the record is recognised by ``mark``.

    ``kind`` is what the journal calls the record, ``table`` and ``column`` are where the mark lands.
    ``control`` is in the form and in no other of its page: the key of a submission, else another one where no
    two records may have one name. ``who`` may open it. ``removal`` takes the record away again where one may
    have only so many; where that is long work, it is made ``most`` times.
    """

    kind: str
    address: str
    table: str
    column: str
    typed: Callable[[str, int], dict[str, str]]
    control: str = KEY
    who: str = "xiaoshou"
    removal: str = ""
    most: int = 1_000_000

    @property
    def is_by_name(self) -> bool:
        """Whether the second one of a name is refused, rather than answered as the first."""
        return self.control != KEY

    def filled(self, browser: Browser, mark: str, serial: int) -> dict[str, str]:
        """Open the form and fill it; it carries the key of this one submission."""
        return read_form(browser.get(self.address).text, self.control) | self.typed(mark, serial)


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


def kept_doors() -> list[Door]:
    """What somebody keeps of the list for himself."""

    def named(mark: str, _serial: int) -> dict[str, str]:
        return {"name": mark}

    tables = {"view": "segments_savedview", "segment": "segments_segment"}
    return [
        Door(kind, f"/{kind}s/new/?view=mine", table, "name", named, removal=f"/{kind}s/%s/removal/")
        for kind, table in tables.items()
    ]


def plan_door(customer: str, executor: int) -> Door:
    """A plan with that customer, for tomorrow."""

    def typed(mark: str, _serial: int) -> dict[str, str]:
        tomorrow = (date.today() + timedelta(days=1)).isoformat()  # noqa: DTZ011  any day ahead will do
        times = {"starts_at": f"{tomorrow}T09:00", "due_at": f"{tomorrow}T18:00"}
        kind = {"kind": "follow_up", "method": "phone", "executors": str(executor)}
        return {"goal": mark, "expected": "约好演示", **kind, **times}

    return Door("plan", f"/plans/new/?customer={customer}", "followups_plan", "goal", typed)


def office_doors(tag: int) -> list[Door]:
    """What the office adds, each of a name that no two may have; a rule gives the tag of that key."""

    def of_tag(mark: str, _serial: int) -> dict[str, str]:
        return {"name": mark}

    def of_field(mark: str, _serial: int) -> dict[str, str]:
        return {"label": mark, "value_kind": "text"}

    def of_rule(mark: str, _serial: int) -> dict[str, str]:
        return {"name": mark, "tag": str(tag)}

    keeper, start = "admin", "/settings/"
    return [
        Door("tag", f"{start}tags/new/", "tags_tag", "name", of_tag, "aliases", keeper,
             removal=f"{start}tags/%s/removal/"),
        Door("tag-rule", f"{start}tags/rules/new/?grade=A", "tagging_tagrule", "name", of_rule, "from_on",
             keeper, removal=f"{start}tags/rules/%s/removal/"),
        Door("own-field", f"{start}fields/new/", "custom_fields_ownfield", "label", of_field, "value_kind",
             keeper, most=40),
    ]  # fmt: skip
