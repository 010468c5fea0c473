"""Where a column of a file can go: fields of the customer or its contact; some columns hold two things."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context, fold
from kebu.base.fields.fieldsets import Field, words
from kebu.base.fields.own import OWN, Snapshot
from kebu.base.kit.emails import parse_email
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.phones import parse_phones
from kebu.base.kit.sizes import parse_size
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.exchange.imports.names import check_name
from kebu.office.staff.fields import STAFF
from kebu.office.vocabulary.choices import TermKind

Values = dict[str, object]  # by "customer.name", "contact.title" …
CUSTOMER, CONTACT = "customer.", "contact."


@dataclass(frozen=True, slots=True)
class Target:
    """One place a column can go. ``read`` turns a cell's text into values; raises Unreadable."""

    key: str
    label: str
    spellings: tuple[str, ...]
    read: Callable[[str, Context], Values]
    help: str = ""
    example: str = ""
    section: str = ""


def _of_field(prefix: str, item: Field, label: str, section: str) -> Target:
    key = prefix + item.name

    def read(text: str, context: Context) -> Values:
        return {key: item.kind.parse(text, context)}

    reader = READERS.get(key, read)
    return Target(key, label, item.synonyms, reader, item.help, item.example, section)


def _size(text: str, _context: Context) -> Values:
    """规模(人/营收) may hold either or both."""
    headcount, revenue = parse_size(text)
    found: Values = {}
    if headcount:
        found["customer.headcount"] = headcount
    if revenue:
        found["customer.revenue"] = revenue
    if not found:
        raise Unreadable(f"认不出规模“{text[:20]}”，请写人数或营收，如 100-500人")
    return found


def _person(text: str, context: Context) -> Values:
    """联系人及职务: 张三 采购经理, 张三/采购经理, 张三（采购经理）."""
    clean = text
    for mark in "（()）/、,，;；|-—":
        clean = clean.replace(mark, " ")
    name, _space, title = clean.strip().partition(" ")
    found: Values = {"contact.name": CONTACT_FIELDS["name"].kind.parse(name, context)}
    if title.strip():
        found["contact.title"] = CONTACT_FIELDS["title"].kind.parse(title.strip(), context)
    return found


def _way(text: str, _context: Context) -> Values:
    """联系方式: a phone, an e-mail address, or both; a second phone becomes the contact's."""
    if "@" not in text:
        first, *more = parse_phones(text)
        found: Values = {"customer.phone": first}
        return found | ({"contact.phone": more[0]} if more else {})
    found = {}
    for part in text.replace("，", " ").replace("/", " ").replace("、", " ").replace(",", " ").split():
        if "@" in part:
            found["customer.email"] = parse_email(part)
        else:
            found["customer.phone"] = parse_phones(part)[0]
    return found


def _name(text: str, context: Context) -> Values:
    """A name that is not plainly something else."""
    check_name(text)
    return {"customer.name": CUSTOMER_FIELDS["name"].kind.parse(text, context)}


def _source(text: str, context: Context) -> Values:
    """客户来源: words around a term (2024年春季行业展会 for 展会) are kept as the detail."""
    found: Values = {"customer.source": CUSTOMER_FIELDS["source"].kind.parse(text, context)}
    if context.directory(TermKind.SOURCE.value).find(text) is None:
        found["customer.source_detail"] = CUSTOMER_FIELDS["source_detail"].kind.parse(text, context)
    return found


def _owner(text: str, context: Context) -> Values:
    """An owner whom the importer may give customers to and who still works here."""
    key = CUSTOMER_FIELDS["owner"].kind.parse(text, context)
    if not context.directory(STAFF).by_key[key].is_active:
        raise Unreadable(_("“%(text)s”已停用，不能再当负责人") % {"text": text.strip()[:20]})
    return {"customer.owner": key}


def _need_types(text: str, context: Context) -> Values:
    """需求类型 with what is needed behind a dash: 采购-生产线设备."""
    kind = CUSTOMER_FIELDS["need_types"].kind
    head, dash, need = text.replace("－", "-").replace("—", "-").partition("-")
    found: Values = {"customer.need_types": kind.parse(head if dash else text, context)}
    if need.strip():
        found["customer.need"] = CUSTOMER_FIELDS["need"].kind.parse(need, context)
    return found


READERS = {
    "customer.name": _name,
    "customer.need_types": _need_types,
    "customer.source": _source,
    "customer.owner": _owner,
}


def _all() -> Iterator[Target]:
    yield Target(
        "way",
        "联系方式（电话或邮箱）",
        words("联系方式 联系电话 电话/邮箱 电话/微信 联系方法"),
        _way,
        example="138 0013 8000",
        section="基本信息",
    )
    yield Target(
        "person",
        "联系人及职务",
        words("联系人及职务 联系人/职务 联系人职务 联系人（职务） 联系人及职位"),
        _person,
        example="王磊 采购经理",
        section="联系人",
    )
    yield Target(
        "size",
        "规模（人数或营收）",
        words("规模 规模(人/营收) 规模（人/营收） 企业规模 公司规模 客户规模 规模(员工人数/年营收)"),
        _size,
        example="100-500人",
        section="企业信息",
    )
    for item in CUSTOMER_FIELDS.values():
        if item.is_editable:
            yield _of_field(CUSTOMER, item, item.label, str(item.section))
    for item in CONTACT_FIELDS.values():
        yield _of_field(CONTACT, item, f"联系人{item.label}", "联系人")


def targets() -> Mapping[str, Target]:
    """Every target by key, in the order they are offered; the office's own fields as they are now."""
    return _targets(OWN.current())


@lru_cache(maxsize=2)
def _targets(_own: Snapshot) -> dict[str, Target]:
    return {target.key: target for target in _all()}


def by_spelling() -> dict[str, str]:
    """Folded header → key of the target; labels win over synonyms, earlier targets over later ones."""
    return _by_spelling(OWN.current())


@lru_cache(maxsize=2)
def _by_spelling(_own: Snapshot) -> dict[str, str]:
    found: dict[str, str] = {}
    for target in targets().values():
        found.setdefault(bare(target.label), target.key)
    for target in targets().values():
        for spelling in target.spellings:
            found.setdefault(bare(spelling), target.key)
    for key in ("way", "person", "size"):  # columns that may hold two things read either
        found.update({bare(spelling): key for spelling in targets()[key].spellings})
    found.update({bare("姓名"): "contact.name", bare("职位"): "contact.title", bare("职务"): "contact.title"})
    return found


def bare(header: str) -> str:
    """A header without stars, brackets' shape, colons and spaces."""
    text = fold(header)
    for mark in "*＊:：（）()【】[]":
        text = text.replace(mark, "")
    return text
