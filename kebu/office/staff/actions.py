"""Verbs over staff, departments and roles; each writes the journal and refreshes the directory of users."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action, Door
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.records.once import Once
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import ADMIN, Department, Role, SignInFailure, User
from kebu.office.staff.password_links import address_of, holder_of
from kebu.office.staff.queries import SHIPPED_ROLES, active_administrators, holders_in_words, missing_roles


class Refused(Exception):
    """The change would leave the office in a state nobody can mend; the message says why."""


class WrongManager(Refused):
    """Who is to lead a department works elsewhere."""


class ChangedMeanwhile(Refused):
    """Somebody else changed the department since it was read; the message says into what."""


class Overtaken(Exception):
    """Somebody else changed the role since it was read; ``role`` is as it stands now."""

    def __init__(self, role: Role) -> None:
        super().__init__(role)
        self.role = role


def ship_roles() -> None:
    """Add the shipped roles that are missing."""
    for shipped in SHIPPED_ROLES:
        Role.objects.get_or_create(code=shipped.code, defaults=shipped.values())


@transaction.atomic
def found_company(*, name: str, username: str, password: str, company: str, at: datetime) -> User | None:
    """Make the first user, an administrator, and the top department; None when somebody was faster."""
    _hold_administrators()
    if User.objects.exists():
        return None
    by = Author(None, name, Door.PAGE)
    top = add_department(company, parent=None, by=by, at=at) if company.strip() else None
    user = User(username=username, name=name, department=top)
    user.set_password(password)
    user.save(force_insert=True)
    user.roles.set(Role.objects.filter(code=ADMIN))
    _note("user", user.pk, name, Action.CREATE, {"username": [None, username]}, by=by, at=at)
    touch(STAFF)
    return user


@transaction.atomic
def hire(values: dict[str, Any], roles: Iterable[Role], password: str, *, by: Author, at: datetime) -> User:
    """Add a member of staff; without a password he gets a link to set one himself."""
    user = User(**values)
    user.set_password(password or None)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("账号%(account)s刚被用了，请换一个") % {"account": user.username}) from error
    user.roles.set(roles)
    shown = {key: [None, str(value)] for key, value in values.items() if value not in (None, "")}
    shown["roles"] = [None, _names(roles)]
    _note("user", user.pk, user.name, Action.CREATE, shown, by=by, at=at)
    touch(STAFF)
    return user


@transaction.atomic
def change_user(
    user: User, values: dict[str, Any], roles: Iterable[Role], *, by: Author, at: datetime
) -> None:
    """Change a member of staff; rights change at his next request. The last administrator stays one.

    Who is switched off stays signed out, and his links stay dead, also when he comes back.
    """
    _hold_administrators()
    roles = list(roles)
    manages = any(Permission.STAFF_MANAGE in role.granted for role in roles)
    stays = values.get("is_active", user.is_active) and manages
    if not stays and list(active_administrators().values_list("pk", flat=True)) == [user.pk]:
        raise Refused(_("这是最后一个管理员，请先让别人成为管理员"))
    before = User.objects.get(pk=user.pk)
    changes = {
        key: [_shown(getattr(before, key)), _shown(value)]
        for key, value in values.items()
        if getattr(before, key) != value
    }
    old, new = _names(before.roles.all()), _names(roles)
    changes |= {"roles": [old, new]} if old != new else {}
    leaves = before.is_active and not values.get("is_active", True)
    User.objects.filter(pk=user.pk).update(**values, disabled_count=F("disabled_count") + int(leaves))
    user.roles.set(roles)
    _hand_over_departments(before, values.get("department", before.department), by=by, at=at)
    if changes:
        _note("user", user.pk, values.get("name", user.name), Action.CHANGE, changes, by=by, at=at)
    touch(STAFF)


def _hand_over_departments(user: User, now: Department | None, *, by: Author, at: datetime) -> None:
    """Departments he leads from neither within nor above any more have no manager until one is chosen."""
    for led in user.managed.all():
        if not led.is_led_from(now):
            Department.objects.filter(pk=led.pk).update(manager=None, version=F("version") + 1)
            _note("department", led.pk, led.name, Action.CHANGE, {"manager": [user.name, ""]}, by=by, at=at)


@transaction.atomic
def rename_self(user: User, name: str, *, by: Author, at: datetime) -> None:
    """Change one's own name as colleagues see it."""
    changes: dict[str, list[Any]] = {"name": [user.name, name]}
    if user.name != name and User.objects.filter(pk=user.pk).update(name=name):
        _note("user", user.pk, name, Action.CHANGE, changes, by=by, at=at)
        touch(STAFF)


@transaction.atomic
def change_password(user: User, password: str, *, by: Author, at: datetime) -> None:
    """Set a new password; every other session of the user ends."""
    user.set_password(password)
    user.save(update_fields=["password"])
    _note("user", user.pk, user.name, Action.CHANGE, {"password": ["…", "…"]}, by=by, at=at)


@transaction.atomic
def make_password_link(user: User, *, by: Author, at: datetime) -> str:
    """The address under which the user may set his password once, in words of ``password_links``."""
    if not user.is_active:
        raise Refused(_("%(name)s已停用，先改成在职，再给设密码的链接") % {"name": user.name})
    _note("user", user.pk, user.name, Action.CHANGE, {"password_link": [None, "…"]}, by=by, at=at)
    return address_of(user)


@transaction.atomic
def set_password_by_link(key: str, token: str, password: str, *, by: Author, at: datetime) -> User | None:
    """Set the password the link stands for; None when the link holds no longer. Of two at once one wins."""
    user = holder_of(key, token, User.objects.select_for_update())
    if user is None:
        return None
    change_password(user, password, by=by, at=at)
    SignInFailure.objects.filter(account=user.username).delete()
    return user


@transaction.atomic
def add_department(
    name: str, *, parent: Department | None, manager: User | None = None, by: Author, at: datetime
) -> Department:
    """Add a department under ``parent`` (None: at the top)."""
    parent = _hold_tree().get(parent.pk) if parent else None
    department = Department.objects.create(name=name, parent=parent, path="")
    department.path = f"{parent.path if parent else '/'}{department.pk}/"
    _check_manager(department, manager)
    department.manager = manager
    department.save(update_fields=["path", "manager"])
    changes = {"manager": ["", manager.name]} if manager else {}
    _note("department", department.pk, name, Action.CREATE, changes, by=by, at=at)
    return department


def _check_manager(department: Department, manager: User | None) -> None:
    """Only who works in it or above leads it; asked of the tree as it is by now."""
    if manager is None:
        return
    place = Department.objects.filter(members=manager).first()
    if not department.is_led_from(place):
        told = {"name": manager.name, "department": department.name}
        raise WrongManager(_("%(name)s不在%(department)s，也不在它的上级部门，不能当它的主管") % told)


@transaction.atomic
def change_department(
    department: Department,
    *,
    name: str,
    parent: Department | None,
    manager: User | None = None,
    version: int,
    by: Author,
    at: datetime,
) -> None:
    """Rename or move a department as it was seen at ``version``, or let another lead it; everything below
    moves along."""
    tree = _hold_tree()
    old, parent = tree.get(department.pk), tree.get(parent.pk) if parent else None
    if old is None or old.version != version:
        raise ChangedMeanwhile(_overtaken(department, old))
    if parent is not None and parent.path.startswith(old.path):
        raise Refused(_("不能放到自己或自己的下级里"))
    path = f"{parent.path if parent else '/'}{department.pk}/"
    for below in tree.values():
        if below.path.startswith(old.path):
            Department.objects.filter(pk=below.pk).update(path=path + below.path.removeprefix(old.path))
    values = {"name": name, "parent": parent, "path": path, "manager": manager, "version": version + 1}
    Department.objects.filter(pk=old.pk).update(**values)
    _check_manager(Department.objects.get(pk=old.pk), manager)
    changes = {"name": [old.name, name]} if old.name != name else {}
    if old.manager_id != (manager.pk if manager else None):
        changes["manager"] = [_shown(old.manager), _shown(manager)]
    if old.parent_id != (parent.pk if parent else None):
        changes["parent"] = [_shown(tree.get(old.parent_id or 0)), _shown(parent)]
    if changes:
        _note("department", old.pk, name, Action.CHANGE, changes, by=by, at=at, version=version + 1)


def _overtaken(seen: Department, now: Department | None) -> str:
    """What somebody else made of the department meanwhile."""
    if now is None:
        return _("“%(name)s”刚被别人删了，没有保存") % {"name": seen.name}
    told = {
        "name": now.name,
        "parent": _shown(now.parent) or _("没有"),
        "manager": _shown(now.manager) or _("没有"),
    }
    return (
        _("刚被别人改过，还没有保存。现在是：%(name)s，上级%(parent)s，主管%(manager)s；确定用你的就再保存")
        % told
    )


@transaction.atomic
def remove_department(department: Department, *, by: Author, at: datetime) -> None:
    """Remove an empty department."""
    _hold_tree()
    if department.members.exists() or department.children.exists():
        raise Refused(_("部门里还有员工或下级部门，请先移走"))
    pk, name = department.pk, department.name
    department.delete()
    _note("department", pk, name, Action.DELETE, {}, by=by, at=at)


@transaction.atomic
def add_role(values: dict[str, Any], *, by: Author, at: datetime) -> Role:
    """Add a role."""
    try:
        with transaction.atomic():
            role = Role.objects.create(**values)
    except IntegrityError as error:
        raise Refused(_("已有叫“%(name)s”的角色") % {"name": values["name"]}) from error
    _note("role", role.pk, role.name, Action.CREATE, _differences({}, _told(role)), by=by, at=at)
    return role


@transaction.atomic
def change_role(role: Role, values: dict[str, Any], *, version: int, by: Author, at: datetime) -> bool:
    """Change a role as it was seen at ``version``; False when nothing differs. It counts at the next request.

    The shipped administrator keeps every permission, and somebody always manages the staff.
    """
    if role.code == ADMIN:
        raise Refused(_("管理员角色不能改，否则可能没有人能管理系统"))
    _hold_administrators()
    was, managed = Role.objects.select_for_update().get(pk=role.pk), active_administrators().exists()
    if was.version != version:
        raise Overtaken(was)
    role.version = version + 1
    for name, value in values.items():
        setattr(role, name, value)
    changes = _differences(_told(was), _told(role))
    if not changes:
        return False
    role.save(update_fields=[*values, "version"])
    if managed and not active_administrators().exists():
        raise Refused(_("这样就没有人能管理员工和角色了，先让另一个在职的人有这个权限，再来改"))
    _note("role", role.pk, role.name, Action.CHANGE, changes, by=by, at=at, version=role.version)
    return True


@transaction.atomic
def copy_role(role: Role, *, key: str, by: Author, at: datetime) -> Role:
    """Add a role that allows the same, under a name of its own; once for each ``key``."""
    same = {one: getattr(role, one) for one in ("field_rules", "is_two_factor_required")}

    def copy() -> Role:
        values = {"name": _free_name(role.name), "grants": role.granted, **same}
        return add_role(values, by=by, at=at)

    return Once(Role, "role", key, by.user_id or 0).make(copy, at=at)


def _free_name(name: str) -> str:
    """销售人员（副本）, 销售人员（副本2） …"""
    taken = set(Role.objects.values_list("name", flat=True))
    for number in count(1):
        told = {"name": name[:30], "number": number if number > 1 else ""}
        wanted: str = _("%(name)s（副本%(number)s）") % told
        if wanted not in taken:
            break
    return wanted


def _told(role: Role) -> dict[str, Any]:
    """What the journal keeps of a role: its name, each grant and each rule by its own name."""
    return {"name": role.name, **role.grants, **role.field_rules}


def _differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    return {
        name: [before.get(name), after.get(name)]
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    }


@transaction.atomic
def remove_role(role: Role, *, by: Author, at: datetime) -> None:
    """Remove a role nobody holds; never the administrator's."""
    _hold_administrators()
    if role.code == ADMIN:
        raise Refused(_("管理员角色不能删，否则可能没有人能管理系统"))
    if holders := holders_in_words(role):
        raise Refused(_("还有人是这个角色：%(names)s。先给他们换角色，再来删") % {"names": holders})
    pk, name = role.pk, role.name
    role.delete()
    _note("role", pk, name, Action.DELETE, {}, by=by, at=at)


@transaction.atomic
def restore_roles(*, by: Author, at: datetime) -> list[Role]:
    """Bring the shipped roles back that were removed; a name in use meanwhile is told apart."""
    _hold_administrators()
    back = []
    for shipped in missing_roles():
        values = shipped.values()
        if Role.objects.filter(name=shipped.name).exists():
            values["name"] = _("%(name)s（预置）") % {"name": shipped.name}
        role = Role.objects.create(code=shipped.code, **values)
        _note("role", role.pk, role.name, Action.CREATE, _differences({}, _told(role)), by=by, at=at)
        back.append(role)
    return back


def shipped_values(role: Role) -> dict[str, Any] | None:
    """Name, grants and field rules with which a shipped role came; None for a role of the office's own."""
    return next((shipped.values() for shipped in SHIPPED_ROLES if shipped.code == role.code), None)


def _hold_administrators() -> None:
    """Let those who decide on administrators wait for each other until the transaction ends."""
    Role.objects.filter(code=ADMIN).update(code=ADMIN)


def _hold_tree() -> dict[int, Department]:
    """All departments as they are now, held until the transaction ends: two moves never make a ring."""
    return {row.pk: row for row in Department.objects.select_for_update().order_by("pk")}


def _shown(value: Any) -> Any:
    return value if isinstance(value, bool) else str(value or "")


def _names(roles: Iterable[Role]) -> str:
    return "、".join(sorted(role.name for role in roles))


def _note(
    kind: str,
    pk: int,
    name: str,
    action: Action,
    changes: dict[str, list[Any]],
    *,
    by: Author,
    at: datetime,
    version: int = 1,
) -> None:
    JournalEntry.objects.record([Line(kind, pk, name, action, version, None, changes)], by=by, at=at)
