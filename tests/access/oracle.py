"""What everybody must get at every door of a customer, worked out from roles.txt and doors.txt alone.

Nothing of the code under test is asked: a door names its right, a role its reach, a relation where the owner
of the customer stands and what share one has in it.
"""

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROLES = ("sales", "manager", "service", "marketing", "auditor", "admin")
REACHED = {"own": {"own"}, "department": {"own", "team"}, "subtree": {"own", "team"}}
EVERYWHERE = {"own", "team", "other"}
# Where the owner stands, seen from who tries, and what share he has: kept and former owned it before.
RELATIONS = {
    "own": ("own", ""),
    "team": ("team", ""),
    "other": ("other", ""),
    "view": ("other", "view"),
    "edit": ("other", "edit"),
    "kept": ("other", "view"),
    "former": ("other", ""),
}
LOOK = {"customer.view", "customer.reveal", "journal.view"}
WORK = LOOK | {
    "customer.edit",
    "contact.create",
    "contact.edit",
    "interaction.create",
    "interaction.edit",
    "plan.create",
    "plan.edit",
    "file.add",
}
SHARED = {"": set[str](), "view": LOOK, "edit": WORK}


class Door(NamedTuple):
    """One address and verb: the right that opens it, the one that must reach the customer, odd answers."""

    verb: str
    address: str
    gate: str
    right: str
    odd: dict[str, str]


def table(name: str) -> list[list[str]]:
    """The lines of a file that are no comments, in words; the heading left out."""
    text = (HERE / name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")][1:]


def doors() -> list[Door]:
    """doors.txt."""
    found = []
    for verb, address, asks, *odd in table("doors.txt"):
        gate, _then, right = asks.partition(">")
        told = dict(text.split("=", 1) for text in odd)
        found.append(Door(verb, address, gate, right or gate, told))
    return found


def grants() -> dict[str, dict[str, str]]:
    """roles.txt: role → right → how far it reaches."""
    lines = table("roles.txt")
    found = {
        role: {right: scopes[place] for right, *scopes in lines if scopes[place] != "-"}
        for place, role in enumerate(ROLES[:-1])
    }
    return found | {"admin": {right: "all" for right, *_scopes in lines}}


GRANTS = grants()


def holds(role: str, right: str, relation: str) -> bool:
    """Whether the right of the role reaches the customer; none reaches further than looking.

    A right with a «!» reaches it from the owner's side alone, a share does not help.
    """
    place, share = RELATIONS[relation]
    right, share = right.rstrip("!"), "" if right.endswith("!") else share
    told = [GRANTS[role].get(one) for one in ("customer.view", right)]
    if None in told:
        return False
    return right in SHARED[share] or all(place in REACHED.get(str(scope), EVERYWHERE) for scope in told)


def reaches(role: str, right: str, relation: str) -> bool:
    """The same for what is no single right."""
    if right == "share":
        is_owner = relation == "own" and holds(role, "customer.edit", relation)
        return is_owner or holds(role, "customer.assign", relation)
    if right == "retract":
        return relation == "own" or holds(role, "interaction.delete", relation)
    return holds(role, right, relation)


def expected(door: Door, role: str, relation: str) -> str:
    """The answer of that door."""
    if door.gate not in GRANTS[role]:
        return "403"
    if not holds(role, "customer.view", relation):
        answer = "404"
    else:
        answer = "ok" if reaches(role, door.right, relation) else "403"
    return door.odd.get(answer, answer)
