"""The copy of everything that is kept about one person: data.json, a sheet of the same, his files."""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.table_write import write_table
from kebu.crm.churn.fields import CHURN_FIELDS
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.consents.fields import CONSENT_FIELDS
from kebu.crm.consents.models import Consent
from kebu.crm.files.models import File
from kebu.crm.followups.fields import PLAN_FIELDS
from kebu.crm.followups.models import Plan
from kebu.crm.interactions.fields import INTERACTION_FIELDS
from kebu.crm.interactions.models import Interaction
from kebu.crm.key_dates.fields import KEY_DATE_FIELDS
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.pool.models import PoolEntry
from kebu.crm.purchases.fields import PURCHASE_FIELDS
from kebu.crm.purchases.models import Purchase, Rise
from kebu.front.audit.words import change_of
from kebu.front.privacy.people import Person

HEADER = (gettext_lazy("类别"), gettext_lazy("时间"), gettext_lazy("项目"), gettext_lazy("内容"))
Row = tuple[str, datetime | None, str, str]


def rows(person: Person, context: Context) -> Iterator[Row]:
    """Everything, one line each: what it is, when, which item, its content."""
    record = person.record
    for item in (*person.fields.values(), *person.fields.former()):
        if text := item.text(record, context):
            yield _("资料"), None, item.label, text
    for consent in Consent.objects.of_person(person.customer, person.contact):
        words = "，".join(filter(None, (item.text(consent, context) for item in CONSENT_FIELDS.values())))
        if consent.withdrawn_on:
            words += _("，%(day)s撤回") % {"day": consent.withdrawn_on.isoformat()}
        yield _("同意"), None, consent.given_on.isoformat(), words
    for talk in _talks(person):
        for item in INTERACTION_FIELDS.values():
            if text := item.text(talk, context):
                yield _("往来"), timezone.localtime(talk.happened_at), item.label, text
    yield from _plans(person, context)
    if person.contact is None:
        yield from _days_and_worries(person, context)
    yield from _changes(person, context)


def _days_and_worries(person: Person, context: Context) -> Iterator[Row]:
    """Key dates, why the customer was given back, and why it might leave."""
    for row in KeyDate.objects.filter(customer=person.customer).order_by("id"):
        parts = (
            row.name,
            str(row.get_repeat_display()),
            KEY_DATE_FIELDS["amount"].text(row, context),
            row.remark,
        )
        yield (
            _("重要日子"), None, f"{row.get_sort_display()} {row.next_on.isoformat()}",
            "，".join(filter(None, parts)),
        )  # fmt: skip
    yield from _purchases(person)
    for entry in PoolEntry.objects.filter(customer=person.customer).exclude(reason="").order_by("id"):
        yield _("公海"), timezone.localtime(entry.since), str(entry.get_came_display()), entry.reason
    for warning in ChurnWarning.objects.filter(customer=person.customer).order_by("id"):
        told = [one.sentence for one in warning.found]
        told += [item.text(warning, context) for item in CHURN_FIELDS.editable()]
        yield (
            _("流失预警"), timezone.localtime(warning.opened_at), str(warning.get_status_display()),
            "，".join(filter(None, told)),
        )  # fmt: skip


def _purchases(person: Person) -> Iterator[Row]:
    """What he bought, and that he bought more."""
    for bought in Purchase.objects.filter(customer=person.customer).order_by("id"):
        told = (bought.how_many, bought.remark)
        amount = PURCHASE_FIELDS["amount"].text(bought, Context())
        yield (
            _("采购"), None, f"{bought.what} {bought.bought_on.isoformat()}",
            "，".join(filter(None, (amount, *told))),
        )  # fmt: skip
    for rise in Rise.objects.filter(customer=person.customer).order_by("id"):
        yield _("采购增长"), None, rise.found_on.isoformat(), rise.sentence


def _talks(person: Person) -> Any:
    talks = Interaction.objects.filter(customer=person.customer)
    return (talks if person.contact is None else talks.filter(contact=person.contact)).order_by("id")


def _plans(person: Person, context: Context) -> Iterator[Row]:
    plans = Plan.objects.filter(customer=person.customer).order_by("id")
    for plan in plans if person.contact is None else plans.filter(contact=person.contact):
        for item in PLAN_FIELDS.values():
            if text := item.text(plan, context):
                yield _("计划"), timezone.localtime(plan.starts_at), item.label, text


def _changes(person: Person, context: Context) -> Iterator[Row]:
    """Who entered, changed and took his data, from the journal."""
    entries = JournalEntry.objects.of_record(person.kind, person.record.pk)
    for entry in entries.iterator(500):
        change = change_of(entry, context, is_whole=True)
        pairs = "；".join(
            f"{pair.label}：{pair.before or '—'} → {pair.after or '—'}" for pair in change.pairs
        )
        yield _("变更"), timezone.localtime(change.at), change.title, f"{change.author} {pairs}".strip()


def write_package(person: Person, target: Path, *, at: datetime) -> int:
    """Write the zip; return how many lines it has."""
    found = list(rows(person, Context()))
    sheet = target.with_suffix(".xlsx")
    write_table(str(sheet), [str(title) for title in HEADER], found)
    names = ("category", "at", "item", "content")
    data = [dict(zip(names, (a, b.isoformat() if b else None, c, d), strict=True)) for a, b, c, d in found]
    files = list(File.objects.of_customer(person.customer)) if person.contact is None else []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_("说明.txt"), _about(person, at, len(found)))
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
        archive.write(sheet, _("数据.xlsx"))
        for file in files:
            if file.place.is_file():
                archive.write(file.place, f"files/{file.pk}-{Path(file.name).name}")
    sheet.unlink()
    return len(found)


def _about(person: Person, at: datetime, count: int) -> str:
    left_out = (
        _("附件属于客户，不属于某个联系人，没有放进来。") if person.contact else _("附件在files文件夹里。")
    )
    return _(
        "%(name)s的个人信息副本，%(day)s由客簿生成，共%(count)d条。\n"
        "data.json和数据.xlsx内容相同：资料、同意、往来、变更。%(files)s\n"
        "含有个人信息，请只交给本人。\n"
    ) % {
        "name": person.record.name,
        "day": f"{timezone.localtime(at):%Y-%m-%d %H:%M}",
        "count": count,
        "files": left_out,
    }


def note_package(person: Person, count: int, reason: str, *, by: Author, at: datetime) -> None:
    """Write down that a copy left the house."""
    changes: dict[str, list[Any]] = {"count": [None, count], "reason": [None, reason]}
    line = Line(
        person.kind, person.record.pk, person.record.name, Action.EXPORT, 0, person.customer.pk, changes
    )
    JournalEntry.objects.record([line], by=by, at=at)
