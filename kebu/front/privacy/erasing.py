"""Erasing one person: his rows, what texts say of him, the search index, the journal's values, the files that
an import left on the disk."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, ForeignObjectRel, Q
from django.utils.translation import gettext as _

from kebu.base.batches.actions import stop
from kebu.base.batches.choices import State as BatchState
from kebu.base.batches.models import Batch, Leftover
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.journal.upkeep import erase_values
from kebu.base.records.models import Record
from kebu.crm.changes.models import Proposal
from kebu.crm.consents.models import Consent
from kebu.crm.contacts.actions import tell_customer
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers import picks
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.customers.queries import completeness
from kebu.crm.files.models import Exhibit, File
from kebu.crm.followups.models import Plan, Postponement
from kebu.crm.interactions.models import Interaction
from kebu.crm.pool.ways import RELEASE
from kebu.crm.recycling.actions import purge
from kebu.crm.recycling.models import Discarded
from kebu.crm.visits.models import Stop
from kebu.exchange.exports.actions import withdraw
from kebu.exchange.exports.models import Export
from kebu.exchange.imports.choices import State
from kebu.exchange.imports.models import Import, ImportRow
from kebu.front.privacy import register
from kebu.front.privacy.kept import LOGGED, scrub_kept
from kebu.front.privacy.own import COLUMN, impersonal, scrub_own
from kebu.front.privacy.people import Person
from kebu.front.privacy.scrubbing import GONE, names_him, scrub_rows, text_columns
from kebu.office.notices.models import Notice

NAMELESS = "已清除的个人客户"
KEPT = ("number", "name", "name_key", "name_pinyin", "region", "credit_code", "phone", "email", "wechat")
TECHNICAL = ("path", "thumbnail", "sha256", "media_type")
CONTACT_WAYS = ("phone", "email", "wechat")
ROW_COLUMNS = ("cells", "corrected", "reading", "problems", "clash", "name_key", "phone")


@dataclass(slots=True)
class Tally:
    """What an erasure took away. ``open_imports`` are those whose file cannot go yet."""

    texts: int = 0
    journal: int = 0
    files: int = 0
    import_rows: int = 0
    import_files: int = 0
    open_imports: int = 0


def erase_person(person: Person, *, by: Author, at: datetime, reason: str) -> Tally:
    """Erase for good. Statistics stay: the customer, when and how was talked, stages and amounts."""
    with transaction.atomic():
        _forget_freed_pages()
        tally, words = Tally(), person.words()  # before his own row is empty
        _stop_batches(words)  # before the customer is held, as they hold it after themselves
        person.customer.hold()
        erase = _erase_contact if person.contact else _erase_customer
        doomed = erase(person, tally, by, at)
        tally.texts += _scrub_what_hangs(person.customer, words)
        doomed += _erase_imports(person.customer, words, tally)
        tally.files += withdraw(person.customer.pk, at=at)
        line = Line(person.kind, person.record.pk or 0, "", Action.ERASE, 0, person.customer.pk)
        line.changes.update({name: [None, count] for name, count in asdict(tally).items() if count})
        line.changes["reason"] = [None, reason]
        JournalEntry.objects.record([line], by=by, at=at)
        tally.journal = erase_values(_entries(person, words), by=by, at=at, reason=reason)
        transaction.on_commit(lambda: _unlink(doomed), robust=True)
        register.enter(register.Erased.of(person, at))
    return tally


def _forget_freed_pages() -> None:
    """Have SQLite overwrite what is deleted, which it else leaves in free pages of the file."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _stop_batches(words: tuple[str, ...]) -> None:
    """Who is erased is not written again by a change that is under way."""
    for batch in Batch.objects.filter(state=BatchState.RUNNING):
        if names_him([batch.title, batch.args], words):
            stop(batch, _("要写的内容里有刚清除的个人信息，剩下的没有做，请检查后重新修改"))


def _erase_contact(person: Person, tally: Tally, by: Author, at: datetime) -> list[Path]:
    words, customer = person.words(), person.customer
    mine = Customer.objects.filter(pk=customer.pk)
    tally.texts += scrub_rows(mine, text_columns(Customer, but=KEPT), words)
    tally.texts += scrub_own(mine, CUSTOMER_FIELDS, words)
    for name in CONTACT_WAYS:
        if (value := getattr(person.record, name)) and getattr(customer, name) == value:
            mine.update(**{name: ""}, version=F("version") + 1)
    Contact.objects.filter(pk=person.record.pk).delete()
    customer.refresh_from_db()
    tell_customer(customer)
    return []


def _scrub_what_hangs(customer: Customer, words: tuple[str, ...]) -> int:
    """Texts of every record that belongs to the customer, of rooms not yet thought of too, in the bin and in
    what a bulk change could not do. A colleague of his keeps his own name and a number they share."""
    count = 0
    for relation in Customer._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel):
            continue
        model: Any = relation.related_model
        names = text_columns(model, but=KEPT if model is Contact else TECHNICAL)
        if names and model is not ImportRow:
            rows = model._base_manager.filter(**{relation.field.name: customer})
            count += scrub_rows(rows, names, words, versioned=issubclass(model, Record))
    return count + _scrub_beside(customer, words)


def _scrub_beside(customer: Customer, words: tuple[str, ...]) -> int:
    """What names the customer without pointing at him: the bin, and what bulk changes could not do."""
    binned = Discarded.objects.filter(customer_id=customer.pk)
    count = scrub_rows(binned, ("name", "customer_name", "payload"), words, versioned=False)
    count += scrub_own(customer.contacts.all(), CONTACT_FIELDS, words)
    count += scrub_kept(words)
    warned = customer.churn_warnings.all()
    count += scrub_rows(warned, ("signals",), words, versioned=False)  # they quote promises and days
    moves = Postponement.objects.filter(plan__customer=customer)
    count += scrub_rows(moves, ("reason",), words, versioned=False)
    count += scrub_rows(Export.objects.all(), ("words", "reason"), words, versioned=False)
    count += scrub_rows(_told_of(words), ("title", "text"), words, versioned=False)
    count += scrub_rows(Batch.objects.all(), ("title", "args", "problem"), words, versioned=False)
    stood = Stop.objects.filter(plan__customer=customer)
    count += scrub_rows(stood, ("stood_step",), words, versioned=False)
    shown = Exhibit.objects.filter(dispute__customer=customer)
    count += scrub_rows(shown, ("name",), words, versioned=False)
    missed = Leftover.objects.filter(Q(record_id=customer.pk) | _naming_one(words, "record_name"))
    return count + scrub_rows(missed, ("record_name", "clashes"), words, versioned=False)


def _told_of(words: tuple[str, ...]) -> Any:
    """The notices that hold one of the words, whatever they are about."""
    return Notice.objects.filter(_naming_one(words, "title", "text"))


def _naming_one(words: tuple[str, ...], *columns: str) -> Q:
    """The condition to hold one of the words in one of the columns."""
    return reduce(or_, [Q(**{f"{name}__contains": word}) for word in words for name in columns], Q(pk__in=[]))


def _erase_customer(person: Person, tally: Tally, by: Author, at: datetime) -> list[Path]:
    customer = person.customer
    files: list[File | Exhibit] = [*customer.files.all(), *Exhibit.objects.filter(dispute__customer=customer)]
    talks = [name for name in text_columns(Interaction) if name != "summary"]
    tally.texts = customer.interactions.update(
        **dict.fromkeys(talks, ""), summary=GONE, contact=None, version=F("version") + 1
    )
    plans = {**dict.fromkeys(text_columns(Plan, but=("source_key",)), ""), "goal": GONE, "contact": None}
    tally.texts += customer.plans.update(**plans, version=F("version") + 1)
    for told in (customer.key_dates, customer.churn_warnings, customer.purchases, customer.rises):
        tally.texts += told.all().delete()[0]
    tally.texts += _forget_why_given_back(customer)
    customer.promises.update(text=GONE, version=F("version") + 1)
    customer.important_changes.update(content=GONE, version=F("version") + 1)
    Proposal.objects.filter(customer=customer).delete()
    purge(Discarded.objects.filter(customer_id=customer.pk), by=by, at=at)
    Contact.objects.filter(customer=customer).delete()
    Consent.objects.filter(customer=customer).delete()
    File.objects.filter(customer=customer).delete()
    Exhibit.objects.filter(dispute__customer=customer).delete()
    columns = _emptied(customer) | {"next_follow_up_at": None, "updated_at": at, "name": NAMELESS}
    columns |= {"contact_names": [], "contact_phones": [], "key_contact": "", "verified": {}}
    Customer.objects.filter(pk=customer.pk).update(**columns, version=F("version") + 1)
    customer.refresh_from_db()
    customer.derive_name()
    customer.completeness = completeness(customer)
    customer.save(update_fields=["name_key", "name_pinyin", "completeness"])
    picks.sync([customer])
    INDEX.put([customer.document()])
    tally.files = len(files)
    return [path for file in files for path in _paths(file.path, file.thumbnail)]


def _forget_why_given_back(customer: Customer) -> int:
    """Why he came into the pool, wherever it was kept of him alone; count the stretches that told."""
    codes = customer.pool_entries.exclude(opened_in="").values("opened_in")
    alone = Batch.objects.filter(kind=RELEASE.kind, code__in=codes, total=1)
    alone.update(args={"reason": ""})
    told = Q(key__startswith=f"pool-out:{customer.pk}:") | Q(about_kind="customer", about_id=customer.pk)
    Notice.objects.filter(told).exclude(text="").update(text="")
    return int(customer.pool_entries.exclude(reason="").update(reason=""))


def _emptied(customer: Customer) -> dict[str, Any]:
    """Every free text and everything personal of the customer, empty."""
    texts = text_columns(Customer, but=("number", "name", "name_key", "name_pinyin", "region"))
    personal = [item for item in CUSTOMER_FIELDS.born.values() if item.purpose and item.name != "name"]
    emptied = dict.fromkeys(texts, "") | {item.columns[0]: item.kind.empty for item in personal}
    return emptied | {COLUMN: impersonal(customer, CUSTOMER_FIELDS)}


def _erase_imports(customer: Customer, words: tuple[str, ...], tally: Tally) -> list[Path]:
    """The rows he came with, and the files they stood in; an import under way keeps its file."""
    rows = ImportRow.objects.filter(Q(customer_id=customer.pk) | Q(match_id=customer.pk))
    sources = set(rows.values_list("source_id", flat=True))
    tally.import_rows = scrub_rows(rows, ROW_COLUMNS, words, versioned=False)
    scrub_rows(Import.objects.filter(pk__in=sources), ("samples", "file_name"), words, versioned=False)
    finished = Import.objects.filter(pk__in=sources, state=State.DONE)
    tally.import_files, tally.open_imports = finished.count(), len(sources) - finished.count()
    return [path for each in finished for path in _paths(each.path)]


def _entries(person: Person, words: tuple[str, ...]) -> list[int]:
    """The journal entries whose values tell of him."""
    every = JournalEntry.objects.readable().exclude(action=Action.ERASE)
    readable, told = every.filter(customer_id=person.customer.pk), every.filter(kind__in=LOGGED)
    kept = _naming(told, person, words)
    if person.contact is None:
        return [*readable.values_list("id", flat=True), *kept]
    return [*_naming(readable, person, words), *kept]


def _naming(entries: Any, person: Person, words: tuple[str, ...]) -> Sequence[int]:
    return [
        pk
        for pk, kind, record_id, name, changes in entries.values_list(
            "id", "kind", "record_id", "record_name", "changes"
        )
        if (kind, record_id) == (person.kind, person.record.pk) or names_him([name, changes], words)
    ]


def _paths(*names: str) -> list[Path]:
    return [Path(settings.MEDIA_ROOT) / name for name in names if name]


def _unlink(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def erase_gone(person: Person, *, by: Author, at: datetime, reason: str) -> Tally:
    """Of one whose customer exists no more only the journal, and what bulk changes left, still tell."""
    with transaction.atomic():
        tally, words = Tally(), person.words()
        _stop_batches(words)
        tally.texts = _scrub_beside(person.customer, words)
        line = Line(person.kind, person.record.pk or 0, "", Action.ERASE, 0, person.customer.pk)
        line.changes["reason"] = [None, reason]
        JournalEntry.objects.record([line], by=by, at=at)
        tally.journal = erase_values(_entries(person, words), by=by, at=at, reason=reason)
        register.enter(register.Erased.of(person, at))
    return tally


def told(tally: Tally) -> str:
    """What the erasure did, in one sentence."""
    text = _("已清除，连同%(texts)d处文字、%(journal)d条日志内容、%(files)d个文件") % {
        "texts": tally.texts + tally.import_rows,
        "journal": tally.journal,
        "files": tally.files + tally.import_files,
    }
    if tally.open_imports:
        text += _("；还有%(count)d个没做完的导入，它的文件里可能有他，请做完或删掉它") % {
            "count": tally.open_imports
        }
    return text
