"""Who loses his rights, what he had open, and how it is taken from him; all through the pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kebu.trials.drills.ground import Ground
from kebu.trials.site.browser import Browser
from kebu.trials.site.forms import read_form

PASSWORD = "Quiet-Harbour-2047"  # noqa: S105  of an installation on loopback
LINK = re.compile(r'id="password-link" value="[^"]*?(/set-password/[^"]+)"')


class Target(NamedTuple):
    """A customer that he must not reach any more."""

    pk: int
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Loss:
    """A way to lose one's rights: what one was, and in which tab of the list one sees the customers.

    ``is_partial``: of single customers; ``brings_in``: the right to import goes too.
    """

    name: str
    role: str
    department: str
    view: str
    is_partial: bool = False
    brings_in: bool = False


DISABLED = Loss("disabled", "admin", "客簿演示公司", "team", brings_in=True)
DEMOTED = Loss("demoted", "admin", "客簿演示公司", "team", brings_in=True)
MOVED = Loss("moved", "manager", "销售中心", "team")
UNSHARED = Loss("collaborator removed", "sales", "销售三部", "shared", is_partial=True)
FORMER = Loss("former owner", "sales", "销售三部", "mine", is_partial=True)
LOSSES = (DISABLED, DEMOTED, MOVED, UNSHARED, FORMER)


@dataclass(slots=True)
class Person:
    """Somebody with several sessions, a link to set his password, and things begun."""

    loss: Loss
    username: str
    pk: int
    link: str
    tabs: list[Browser] = field(default_factory=list)
    undo: str = ""
    batch: str = ""
    import_id: int = 0
    tries: int = 0
    password: str = PASSWORD

    def begin_to_undo(self, ground: Ground, targets: Sequence[Target]) -> None:
        """A change that is done; its undo address is kept."""
        ids = ",".join(str(target.pk) for target in targets)
        self.undo = self._change(ground, {"ids": ids}, "先改过")

    def change_all(self, ground: Ground, mark: str) -> str:
        """Change everything he sees: a job."""
        self.batch = self._change(ground, {"scope": "all"}, mark)
        return self.batch

    def press_import(self) -> None:
        """Start the import that was looked at."""
        if self.import_id:
            self.tabs[0].post(f"/imports/{self.import_id}/commit/", {})

    def _change(self, ground: Ground, picked: dict[str, str], mark: str) -> str:
        address, form = "edits", {"change-remark": "1", "remark": mark}
        if self.loss.role == "manager":  # he edits his own alone, and gives away what his people have
            address, form = "assignment", {"owner": str(user_id(ground, "zhuguan"))}
        answer = self.tabs[0].post(
            f"/customers/{address}/?view={self.loss.view}", picked | form, fragment=True
        )
        if answer.status != 204:
            raise RuntimeError(f"{address}: {answer.status} {answer.text[:500]}")
        sql = "SELECT code FROM batches_batch WHERE author_id = %s ORDER BY id DESC LIMIT 1"
        return str(ground.database.rows(sql, self.pk)[0][0])


def user_id(ground: Ground, username: str) -> int:
    """Who has that account."""
    return int(ground.database.rows("SELECT id FROM staff_user WHERE username = %s", username)[0][0])


def role_id(ground: Ground, code: str) -> str:
    """The key of a role."""
    return str(ground.database.rows("SELECT id FROM staff_role WHERE code = %s", code)[0][0])


def department_id(ground: Ground, name: str) -> str:
    """The key of a department."""
    return str(ground.database.rows("SELECT id FROM staff_department WHERE name = %s", name)[0][0])


def hired(ground: Ground, turn: int, loss: Loss) -> Person:
    """Somebody new, signed in twice, and once more looking as another role if he may."""
    admin, username = ground.browser("admin"), f"revoked{turn}"
    form = read_form(admin.get("/settings/users/new/").text, "username")
    form |= {"name": f"撤权人{turn}号", "username": username, "password": PASSWORD, "is_active": "on"}
    form |= {"department": department_id(ground, loss.department), "roles": role_id(ground, loss.role)}
    admin.post("/settings/users/new/", form)
    pk = user_id(ground, username)
    told = LINK.search(admin.post(f"/settings/users/{pk}/password-link/", {}).text)
    if told is None:
        raise RuntimeError("no link to set a password")
    person = Person(loss, username, pk, told[1])
    if loss is UNSHARED:
        share = {"scope": "all", "user": str(pk), "level": "edit"}
        _ask(admin, "/customers/collaborators/?view=team", share, "sharing")
    _give_all(ground, pk if loss is FORMER else user_id(ground, "xiaoshou"))
    ways = 3 if loss.role == "admin" else 2
    person.tabs = [Browser.signed_in(ground.site.port, username, PASSWORD) for _n in range(ways)]
    if loss.role == "admin":
        role = role_id(ground, "manager")
        _ask(person.tabs[-1], f"/settings/roles/{role}/preview/", {}, "a preview")
    return person


def _ask(tab: Browser, path: str, form: dict[str, str], what: str) -> None:
    answer = tab.post(path, form)
    if answer.status >= 400:
        raise RuntimeError(f"{what}: {path} {answer.status} {answer.text[:500]}")


AT_ONCE = 400  # fewer than what becomes a job


def _give_all(ground: Ground, owner_id: int) -> None:
    """All customers to one owner, without a job."""
    sql = "SELECT id FROM customers_customer WHERE owner_id <> %s OR owner_id IS NULL ORDER BY id"
    ids = [row[0] for row in ground.database.rows(sql, owner_id)]
    for start in range(0, len(ids), AT_ONCE):
        give(ground, ids[start : start + AT_ONCE], owner_id)


def give(ground: Ground, ids: Sequence[int], owner_id: int) -> None:
    """Give customers away."""
    form = {"ids": ",".join(map(str, ids)), "owner": str(owner_id)}
    _ask(ground.browser("admin"), "/customers/assignment/?view=team", form, "assignment")


def lose(ground: Ground, person: Person, loss: Loss, targets: Sequence[Target]) -> None:
    """Take it from him, as an administrator does."""
    admin = ground.browser("admin")
    if loss is FORMER:
        give(ground, [target.pk for target in targets], user_id(ground, "xiaoshou"))
    elif loss is UNSHARED:
        for target in targets:
            sql = "SELECT id FROM customers_collaborator WHERE customer_id = %s AND user_id = %s"
            share = ground.database.rows(sql, target.pk, person.pk)[0][0]
            _ask(admin, f"/customers/{target.number}/collaborators/{share}/removal/", {}, "removal")
    else:
        address = f"/settings/users/{person.pk}/"
        form = read_form(admin.get(address).text, "username") | {"password": ""}
        form |= {"roles": role_id(ground, "service")} if loss is DEMOTED else {}
        form |= {"department": department_id(ground, "客服部")} if loss is MOVED else {}
        if loss is DISABLED:
            form.pop("is_active")
        _ask(admin, address, form, loss.name)
