"""What own fields leave to the background: their indexes, and taking out what is removed for good."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kebu.base.fields.fieldsets import FIELD_SETS
from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.office.custom_fields import indexes, refitting
from kebu.office.custom_fields.actions import INDEXES, REMOVAL
from kebu.office.custom_fields.choices import FieldState
from kebu.office.custom_fields.models import OwnField
from kebu.office.custom_fields.reading import filled
from kebu.office.custom_fields.refitting import REFIT

CHUNK = 500


@job_kind(INDEXES, tries=4, unit=_("个索引"), label=_("自定义字段的索引"), lane="custom_fields.indexes")
def tend_indexes(job: Job, stop: Stop) -> dict[str, Any]:
    """Make the indexes that are missing and drop those nobody wants; begun anew it goes on where it was."""
    missing, surplus = indexes.differences()
    for name in surplus:
        stop()
        indexes.drop(name)
    for done, index in enumerate(missing, 1):
        stop()
        indexes.make(index)
        job.advance(done, len(missing), {})
    if missing:
        indexes.count_anew(missing)
    return {"made": len(missing), "dropped": len(surplus)}


@job_kind(REMOVAL, tries=4, unit=_("条记录"), label=_("清掉删除的自定义字段"))
def take_out(job: Job, stop: Stop) -> dict[str, Any]:
    """Take the values of a removed field out of the records, a chunk at a time."""
    row = OwnField.objects.get(pk=job.args["field"])
    if row.state != FieldState.REMOVED:
        return {"removed": 0}
    model: Any = FIELD_SETS[row.subject].model
    rows = filled(row)
    total, done, last = rows.count(), job.progress_done, int(job.cursor.get("last", 0))
    while True:
        stop()
        with transaction.atomic():
            chunk = list(rows.filter(pk__gt=last).order_by("pk").select_for_update()[:CHUNK])
            if not chunk:
                return {"removed": done}
            for record in chunk:
                kept = {k: v for k, v in getattr(record, row.column).items() if k != row.name}
                setattr(record, row.column, kept)
            model._base_manager.bulk_update(chunk, [row.column])
            _forget_choices(model, row.key, [record.pk for record in chunk])
            done, last = done + len(chunk), chunk[-1].pk
            job.advance(done, max(total, done), {"last": last})


@job_kind(REFIT, tries=4, unit=_("条记录"), label=_("换自定义字段的类型"))
def refit(job: Job, stop: Stop) -> dict[str, Any]:
    """Look all values through and change the type, when every one of them fits."""
    return refitting.refit(job, stop)


def _forget_choices(model: Any, key: str, ids: list[int]) -> None:
    """The rows by which records were found by a field of several choices go too."""
    relation = next((one for one in model._meta.related_objects if one.name == "choices"), None)
    if relation is not None:
        rows = relation.related_model.objects.filter(field=key)
        rows.filter(**{f"{relation.field.attname}__in": ids}).delete()
