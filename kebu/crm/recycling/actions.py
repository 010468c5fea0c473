"""Moving records into the bin and back, and out of it for good."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.customers.reverting import BIN
from kebu.crm.recycling.models import Discarded, KeptFile
from kebu.crm.recycling.packing import Parcel, packed, put_back, unpacked
from kebu.crm.recycling.registry import TREES, Tree

INDEXED = "customer"


@transaction.atomic
def discard(tree: Tree, ids: Iterable[int], *, by: Author, at: datetime) -> list[Discarded]:
    """Move records with all that hangs on them into the bin. Whoever else deleted one meanwhile was first."""
    found = _base(tree.model).filter(pk__in=list(ids)).order_by("pk")
    if tree.kind != "customer":  # everybody holds the customer before what hangs on it
        Customer.objects.hold(found.values_list(tree.customer, flat=True))
    records = list(found.select_for_update(of=("self",)))
    if not records:
        return []
    parcels, hanging = _parcels(tree, records)
    memory = tree.part(records, by, at)
    customers = _customers(tree, records)
    rows = []
    for record in records:
        parcels[record.pk].memory = memory.get(record.pk, {})
        customer = customers[getattr(record, tree.customer)]
        rows.append(_row(tree, record, customer, parcels[record.pk], hanging[record.pk], by, at))
    Discarded.objects.bulk_create(rows, batch_size=100)
    _keep_files(tree, rows, parcels)
    lines = [_line(row, record, Action.DELETE) for row, record in zip(rows, records, strict=True)]
    JournalEntry.objects.record(lines, by=by, at=at)
    return rows


def _parcels(
    tree: Tree, records: Sequence[models.Model]
) -> tuple[dict[int, Parcel], dict[int, dict[str, int]]]:
    """Take the rows out of their tables."""
    keys = [record.pk for record in records]
    parcels = {record.pk: Parcel([(tree.model, [packed(record)])]) for record in records}
    hanging: dict[int, dict[str, int]] = {pk: {} for pk in keys}
    for label, column in tree.links:
        _unlink(label, column, keys, parcels)
    for branch in tree.branches:
        found = _base(branch.model).filter(**{f"{branch.path}__in": keys}).order_by("pk")
        grouped: dict[int, list[models.Model]] = defaultdict(list)
        for row in found.annotate(trunk_key=models.F(branch.path)):
            grouped[row.trunk_key].append(row)
        for pk, rows in grouped.items():
            parcels[pk].rows.append((branch.model, [packed(row) for row in rows]))
            if branch.label:
                hanging[pk][str(branch.label)] = len(rows)
        _remove(branch.model, [row.pk for rows in grouped.values() for row in rows])
    if tree.kind == INDEXED:
        INDEX.remove(keys)
    _remove(tree.model, keys)
    return parcels, hanging


def _base(label: str) -> Any:
    return apps.get_model(label)._base_manager


def _remove(label: str, keys: Sequence[int]) -> None:
    """These rows and no others: what hangs on them undeclared makes the database refuse."""
    found = _base(label).filter(pk__in=keys)
    found._raw_delete(found.db)  # noqa: SLF001  (Django's own deletion would follow every relation)


def _unlink(label: str, column: str, keys: Sequence[int], parcels: dict[int, Parcel]) -> None:
    pointing = _base(label).filter(**{f"{column}__in": keys})
    grouped: dict[int, list[int]] = defaultdict(list)
    for pk, target in pointing.order_by("pk").values_list("pk", column):
        grouped[target].append(pk)
    for target, ids in grouped.items():
        parcels[target].links.append((label, column, ids))
    pointing.update(**{column: None})


def _customers(tree: Tree, records: Sequence[Any]) -> dict[int, Any]:
    """The customers the records belong to; deleted ones are the records themselves."""
    if tree.kind == "customer":
        return {record.pk: record for record in records}
    keys = {getattr(record, tree.customer) for record in records}
    return Customer.objects.only("name", "number", "owner_id").in_bulk(keys)


def _row(
    tree: Tree, record: Any, customer: Any, parcel: Parcel, hanging: dict[str, int], by: Author, at: datetime
) -> Discarded:
    return Discarded(
        kind=tree.kind,
        record_id=record.pk,
        name=str(record)[:120],
        number=customer.number,
        customer_id=customer.pk,
        customer_name=customer.name,
        owner_id=customer.owner_id,
        batch=by.batch,
        deleted_at=at,
        deleted_by_id=by.user_id,
        hanging=hanging,
        payload=parcel.text(),
    )


def _keep_files(tree: Tree, rows: Sequence[Discarded], parcels: dict[int, Parcel]) -> None:
    """Note which files of the disk belong to the bin now; they stay where they lie."""
    columns = {branch.model: branch.files for branch in tree.branches} | {tree.model: tree.files}
    kept = [
        KeptFile(discarded=item, path=row[column])
        for item in rows
        for label, packed_rows in parcels[item.record_id].rows
        for row in packed_rows
        for column in columns[label]
        if row[column]
    ]
    KeptFile.objects.bulk_create(kept, batch_size=500)


def _line(item: Discarded, record: Any, action: Action) -> Line:
    version = getattr(record, "version", 1)
    changes: dict[str, list[Any]] = {BIN: [None, True] if action == Action.DELETE else [True, None]}
    return Line(item.kind, item.record_id, item.name, action, version, item.customer_id, changes)


@dataclass(slots=True)
class Restored:
    """What came back, what could not and why, and what had to be left empty on the way."""

    records: list[Any] = field(default_factory=list)
    blocked: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@transaction.atomic
def restore(items: Iterable[Discarded], *, by: Author, at: datetime) -> Restored:
    """Put what lies in the bin back where it was, with the same keys, values, versions and times."""
    keys = [item.pk for item in items]
    held = list(Discarded.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",)))
    result = Restored()
    Customer.objects.hold(item.customer_id for item in held)
    for kind in dict.fromkeys(item.kind for item in held):
        _restore_kind(TREES[kind], [item for item in held if item.kind == kind], result, by, at)
    return result


def _restore_kind(tree: Tree, items: Sequence[Discarded], result: Restored, by: Author, at: datetime) -> None:
    result.blocked |= _obstacles(tree, items)
    free = [item for item in items if item.pk not in result.blocked]
    parcels = {item.record_id: Parcel.of(item.payload) for item in free}
    order = [tree.model, *(branch.model for branch in reversed(tree.branches))]
    for label in order:
        rows = [
            unpacked(label, row)
            for parcel in parcels.values()
            for model, found in parcel.rows
            if model == label
            for row in found
        ]
        result.notes += _loosened(rows) + (tree.fit(rows) if label == tree.model else [])
        put_back(rows)
        if label == tree.model:
            records: list[Any] = rows
    for parcel in parcels.values():
        for label, column, ids in parcel.links:
            _base(label).filter(pk__in=ids, **{f"{column}__isnull": True}).update(
                **{column: parcel.rows[0][1][0]["id"]}
            )
    if tree.kind == INDEXED:
        INDEX.put([record.document() for record in records])
    Discarded.objects.filter(pk__in=[item.pk for item in free]).delete()
    if free:
        tree.come(records, {pk: parcel.memory for pk, parcel in parcels.items()}, by, at)
        own = {record.pk: record for record in records}
        lines = [_line(item, own[item.record_id], Action.RESTORE) for item in free]
        JournalEntry.objects.record(lines, by=by, at=at)
        result.records += records


def _obstacles(tree: Tree, items: Sequence[Discarded]) -> dict[int, str]:
    """What cannot come back now, and why."""
    if tree.kind == "customer":
        return {}
    wanted = {item.customer_id for item in items}
    alive = set(Customer.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    text = _("它的客户%(name)s已经不在，先从回收站恢复客户")
    return {item.pk: text % {"name": item.customer_name} for item in items if item.customer_id not in alive}


def _loosened(rows: Sequence[models.Model]) -> list[str]:
    """Empty the columns whose target is gone since; what was emptied, in words."""
    if not rows:
        return []
    notes = []
    for item in type(rows[0])._meta.concrete_fields:
        target = item.related_model
        if not isinstance(target, type) or not item.null:
            continue
        wanted = {value for row in rows if (value := getattr(row, item.attname)) is not None}
        present = (
            set(target._base_manager.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
        )
        for row in rows:
            value = getattr(row, item.attname)
            if value is not None and value not in present:
                setattr(row, item.attname, None)
                label = str(getattr(item, "verbose_name", item.name))
                notes.append(_("原来的%(label)s已经没有了，留空") % {"label": label})
    return list(dict.fromkeys(notes))


@transaction.atomic
def purge(items: Iterable[Discarded], *, by: Author, at: datetime) -> int:
    """Remove for good what lies in the bin, its files too; the journal tells what and how many."""
    keys = [item.pk for item in items]
    held = list(Discarded.objects.filter(pk__in=keys).select_for_update(of=("self",)).defer("payload"))
    paths = list(KeptFile.objects.filter(discarded__in=held).values_list("path", flat=True))
    lines = [
        Line(item.kind, item.record_id, item.name, Action.TRIM, 0, item.customer_id, {BIN: [True, None]})
        for item in held
    ]
    Discarded.objects.filter(pk__in=[item.pk for item in held]).delete()
    JournalEntry.objects.record(lines, by=by, at=at)
    transaction.on_commit(lambda: _unlink_files(paths))
    return len(held)


def _unlink_files(paths: Iterable[str]) -> None:
    """Once the rows are gone for good; what a crash leaves, the nightly sweep finds."""
    for path in paths:
        (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)
