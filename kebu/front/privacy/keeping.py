"""How long data of people is kept: what a rule would take today, and taking it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import SETTING, Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.choices import CustomerKind, CustomerType
from kebu.crm.customers.models import Customer
from kebu.exchange.imports.choices import State
from kebu.exchange.imports.models import Import
from kebu.front.privacy.choices import Keeping
from kebu.front.privacy.erasing import NAMELESS, erase_person
from kebu.front.privacy.models import KeepingRule
from kebu.front.privacy.people import Person

LEAST, MOST = 1, 240  # months
MONTH = timedelta(days=365) / 12
AT_ONCE = 100
BLANK: dict[str, Any] = {
    "cells": [],
    "corrected": {},
    "reading": {"customer": {}, "contact": {}},
    "problems": [],
    "clash": {},
}


@dataclass(frozen=True, slots=True)
class Doomed:
    """What a rule takes: how many, and the first of them with since when nothing happened."""

    count: int
    shown: list[tuple[str, str, datetime]]


def rules() -> list[KeepingRule]:
    """One rule per case; a case that nobody looked at yet has its default, switched off."""
    there = {rule.code: rule for rule in KeepingRule.objects.all()}
    return [there.get(code) or KeepingRule(code=code) for code in Keeping.values]


def since(rule: KeepingRule, at: datetime) -> datetime:
    """What nothing has happened to since then goes."""
    return at - rule.months * MONTH


def _customers(rule: KeepingRule, at: datetime) -> "QuerySet[Any]":
    last = Coalesce("archived_at", "created_at")
    found: QuerySet[Any] = Customer.objects.archived()
    if rule.code == Keeping.LOST:
        found = Customer.objects.filter(customer_type=CustomerType.LOST)
        last = Coalesce("last_contact_at", "created_at")
    idle: QuerySet[Any] = found.annotate(idle_since=last).filter(idle_since__lt=since(rule, at))
    return idle


def _people(rule: KeepingRule, at: datetime) -> "tuple[QuerySet[Any], QuerySet[Any]]":
    """Customers that are people and not yet erased, and contacts of all others."""
    customers = _customers(rule, at)
    people = customers.filter(kind=CustomerKind.PERSON).exclude(name=NAMELESS)
    contacts = Contact.objects.filter(customer__in=customers.exclude(kind=CustomerKind.PERSON).values("pk"))
    return people, contacts


def _files(rule: KeepingRule, at: datetime) -> "QuerySet[Import]":
    """Finished imports of which the file is still there."""
    return Import.objects.filter(state=State.DONE, finished_at__lt=since(rule, at)).exclude(path="")


def preview(rule: KeepingRule, at: datetime, most: int = 50) -> Doomed:
    """What the rule would take at this moment."""
    if rule.code == Keeping.IMPORTS:
        files = _files(rule, at)
        shown = [(each.file_name, "", each.finished_at or at) for each in files.order_by("id")[:most]]
        return Doomed(files.count(), shown)
    people, contacts = _people(rule, at)
    shown = [(each.name, "", each.idle_since) for each in people.order_by("id")[:most]]
    idle = _customers(rule, at).values_list("pk", "idle_since")
    some = list(contacts.select_related("customer").order_by("id")[: most - len(shown)])
    known = dict(idle.filter(pk__in=[each.customer_id for each in some]))
    shown += [(each.name, each.customer.name, known[each.customer_id]) for each in some]
    return Doomed(people.count() + contacts.count(), shown)


@transaction.atomic
def set_rule(code: str, *, months: int, is_active: bool, version: int, by: Author, at: datetime) -> bool:
    """Change a rule as it was seen at ``version`` (0: it never was); False when somebody else did."""
    change = {"months": months, "is_active": is_active, "updated_at": at}
    before = KeepingRule.objects.filter(code=code).first()
    if before is None:
        KeepingRule.objects.bulk_create(
            [KeepingRule(code=code, created_at=at, **change)], ignore_conflicts=True
        )
        changed = int(version == 0 and KeepingRule.objects.filter(code=code, updated_at=at).exists())
    else:
        rows = KeepingRule.objects.filter(code=code, version=version)
        changed = rows.update(**change, version=F("version") + 1)
    if changed:
        former = _words(before.months, before.is_active) if before else None
        pair = [former, _words(months, is_active)]
        name = str(Keeping(code).label)
        JournalEntry.objects.record(
            [Line(SETTING, 0, name, Action.CHANGE, 0, None, {"keeping": pair})], by=by, at=at
        )
    return bool(changed)


def _words(months: int, is_active: bool) -> str:
    return _("保留%(months)d个月") % {"months": months} if is_active else _("不清除")


def carry_out(rule: KeepingRule, stop: Callable[[], None], *, by: Author, at: datetime) -> int:
    """Take what the rule says, one person a transaction; it goes on where a stopped one ended."""
    taken = 0
    steps = _files_gone(rule, at) if rule.code == Keeping.IMPORTS else _people_gone(rule, by, at)
    for step in steps:
        taken += step
        stop()
    return taken


def _people_gone(rule: KeepingRule, by: Author, at: datetime) -> Iterator[int]:
    reason = _("保留规则：%(rule)s，%(months)d个月") % {"rule": rule, "months": rule.months}
    people, contacts = _people(rule, at)
    for pk in list(people.values_list("pk", flat=True)):
        if customer := Customer.objects.filter(pk=pk).first():  # unless it went meanwhile
            erase_person(Person(customer, None), by=by, at=at, reason=reason)
            yield 1
    for pk in list(contacts.values_list("pk", flat=True)):
        if contact := Contact.objects.select_related("customer").filter(pk=pk).first():
            erase_person(Person(contact.customer, contact), by=by, at=at, reason=reason)
            yield 1


def _files_gone(rule: KeepingRule, at: datetime) -> Iterator[int]:
    """Files of finished imports, and what their rows still hold; outcomes and counts stay."""
    waiting = iter(list(_files(rule, at)))
    while some := list(islice(waiting, AT_ONCE)):
        for each in some:
            each.rows.update(**BLANK, name_key="", phone="")
            (Path(settings.MEDIA_ROOT) / each.path).unlink(missing_ok=True)
            Import.objects.filter(pk=each.pk).update(path="", samples=[])
        yield len(some)
