"""What the command box finds for a few characters."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import search_labels
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import field_named
from kebu.base.kit import pinyin, regions
from kebu.base.kit.phones import format_phone
from kebu.base.kit.text import tidy
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.customers.queries import numbers_for
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User

MOST = 8
LOOKED_AT = 40  # of the newest matches, to put the likeliest first
LONGEST_PLACE = 8
LONGEST = 60
MANY_OWNERS = 10  # above this, searching without labels and narrowing afterwards is faster


class Pieces(NamedTuple):
    """A text cut where the query occurs: before, the match, after."""

    before: str
    match: str
    after: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer found: how its name matched, and by whom or what else."""

    url: str
    grade: str
    name: Pieces
    number: str
    by: str
    owner: str


class Command(NamedTuple):
    """A page to open or a thing to do."""

    label: str
    icon: str
    url: str
    is_sheet: bool
    permission: Permission | None
    words: str


def customers(user: User, query: str, context: Context) -> list[Hit]:
    """Customers that match and that the user sees: names that begin so first, the newest of them first."""
    labels = search_labels(user, Permission.CUSTOMER_VIEW)
    labels = labels if labels is None or len(labels) <= MANY_OWNERS else None
    seen = INDEX.newest(Customer.objects.visible_to(user).live(), query, labels, LOOKED_AT, numbers_for(user))
    seen.sort(key=lambda customer: _distance(customer, tidy(query)))
    names = context.directory(STAFF)
    return [_hit(customer, query, names.name(customer.owner_id), context) for customer in seen[:MOST]]


def _distance(customer: Customer, query: str) -> int:
    """0 where the name, or what follows its place (北京方佑), begins so; 1 within it, 2 elsewhere."""
    name = _cut(customer.name, query)
    if not name.match:
        return 2
    core = _cut(_core(customer.name), query)
    return 0 if not name.before or (core.match and not core.before) else 1


@lru_cache(maxsize=4096)
def _core(name: str) -> str:
    """The name behind the province or city it begins with."""
    for length in range(min(LONGEST_PLACE, len(name) - 1), 1, -1):
        if name[:length] in _places():
            return name[length:]
    return name


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """Provinces and cities as names begin with them: 江苏, 江苏省, 苏州, 苏州市."""
    provinces = regions.children(None)
    cities = [city for province in provinces for city in regions.children(province.code)]
    return frozenset(name for place in [*provinces, *cities] for name in (place.name, place.short))


def recent(user: User, context: Context) -> list[Hit]:
    """My customers I spoke to last."""
    mine = Customer.objects.live().filter(owner=user).exclude(last_contact_at=None)
    names = context.directory(STAFF)
    return [_hit(c, "", names.name(c.owner_id), context) for c in mine.order_by("-last_contact_at")[:5]]


def _hit(customer: Customer, query: str, owner: str, context: Context) -> Hit:
    text = tidy(query)
    name = _cut(customer.name, text)
    by = "" if name.match else _by_person(customer, text) or _by_digits(customer, text, context)
    return Hit(customer.get_absolute_url(), customer.grade, name, customer.number, by, owner)


def _cut(text: str, query: str) -> Pieces:
    """Where the query, or the syllables it spells, stand in the text."""
    at = text.casefold().find(query.casefold()) if query else -1
    if at >= 0:
        return Pieces(text[:at], text[at : at + len(query)], text[at + len(query) :])
    start, end = _spelled(text, query.casefold())
    return Pieces(text[:start], text[start:end], text[end:])


def _spelled(text: str, letters: str, is_person: bool = False) -> tuple[int, int]:
    """The characters whose initials or pinyin the letters are; (0, 0) when none."""
    if not letters.isascii() or not letters.isalpha() or len(letters) < 2:
        return 0, 0
    sounds = pinyin.syllables(text, is_person)
    if len(sounds) != len(text):
        return 0, 0
    for start in range(len(text)):
        if "".join(sound[0] for sound in sounds[start : start + len(letters)]) == letters:
            return start, start + len(letters)
        for end in range(start + 1, len(text) + 1):
            if "".join(sounds[start:end]).startswith(letters):
                return start, end
    return 0, 0


def _by_person(customer: Customer, query: str) -> str:
    """The contact whose name matches."""
    for name in customer.contact_names:
        if query in name or _spelled(name, query.casefold(), is_person=True) != (0, 0):
            return str(name)
    return ""


def _by_digits(customer: Customer, query: str, context: Context) -> str:
    """The phone that holds the digits, if the reader sees it: a masked one would tell whether it does."""
    digits = "".join(filter(str.isdigit, query))
    if len(digits) < 3:
        return ""
    own = [customer.phone] if CUSTOMER_FIELDS["phone"].allows(Use.READ, context) else []
    is_seen = field_named("contact.phone").allows(Use.READ, context)
    for phone in filter(None, [*own, *(customer.contact_phones if is_seen else ())]):
        if digits in "".join(filter(str.isdigit, phone)):
            return format_phone(phone)
    return ""


def commands(user: User, query: str) -> list[Command]:
    """Pages and actions whose words match; all of them without a query."""
    wanted = tidy(query).casefold()
    allowed = [c for c in _commands() if c.permission is None or user.can(c.permission)]
    return [c for c in allowed if not wanted or _fits(c, wanted)][:MOST]


def _fits(command: Command, wanted: str) -> bool:
    text = f"{command.label} {command.words}"
    initials, spelled = pinyin.initials(command.label), "".join(pinyin.syllables(command.label))
    return wanted in text or initials.startswith(wanted) or (len(wanted) > 1 and spelled.startswith(wanted))


def _commands() -> list[Command]:
    p = Permission
    return [
        Command(_("新建客户"), "plus", reverse("customers:create"), True, p.CUSTOMER_CREATE, "添加 new"),
        Command(
            _("记跟进"), "pencil-plus", reverse("interactions:quick"), True, p.INTERACTION_CREATE, "电话 拜访"
        ),
        Command(
            _("导入客户"), "file-import", reverse("imports:list"), False, p.CUSTOMER_IMPORT, "excel 表格"
        ),
        Command(_("工作台"), "checkup-list", reverse("desk:desk"), False, None, "今天 首页"),
        Command(_("客户列表"), "building", reverse("customers:list"), False, p.CUSTOMER_VIEW, "全部客户"),
        Command(_("撞单"), "git-merge", reverse("disputes:list"), False, p.CUSTOMER_VIEW, "异议 协作 申请"),
        Command(_("归档的客户"), "archive", reverse("customers:archive"), False, p.CUSTOMER_VIEW, "恢复"),
        Command(_("员工和角色"), "settings", reverse("staff:users"), False, p.STAFF_MANAGE, "设置 部门"),
        Command(_("字典"), "book", reverse("vocabulary:terms"), False, p.VOCABULARY_MANAGE, "来源 阶段 设置"),
        Command(_("备份"), "database", reverse("backups:list"), False, p.BACKUP_MANAGE, "恢复 设置"),
        Command(_("示例数据"), "sparkles", reverse("demo:offer"), False, p.STAFF_MANAGE, "演示 删除 试用"),
        Command(_("我的账号"), "user-circle", reverse("signin:profile"), False, None, "改密码"),
    ]
