"""Another type for a field that very many records fill: a job looks its values through before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.jobs.models import Job, JobFailed
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.office.custom_fields.actions import (
    SHOWN,
    Choosable,
    Refused,
    change_field,
    fits,
    unfit,
)
from kebu.office.custom_fields.choices import ValueKind
from kebu.office.custom_fields.models import OwnField
from kebu.office.custom_fields.reading import filled
from kebu.office.staff.models import User

REFIT = "custom_fields.refit"
CHUNK = 2_000


def change_later(
    row: OwnField, values: Mapping[str, Any], options: Sequence[Choosable], *, version: int, by: Author
) -> Job:
    """Have the values looked through, and the field changed when all of them fit."""
    args = {
        "field": row.pk,
        "version": version,
        "values": dict(values),
        "options": [astuple(one) for one in options],
    }
    return Job.objects.enqueue(REFIT, args, owner_id=by.user_id)


def refit(job: Job, stop: Callable[[], None]) -> dict[str, Any]:
    """Look the values through from the cursor, then change the field as its author saw it."""
    row, user = OwnField.objects.filter(pk=job.args["field"]).first(), _author(job)
    if row is None or (
        row.version > job.args["version"] and row.value_kind == job.args["values"]["value_kind"]
    ):
        return {}  # changed already, by a worker that died right after
    wanted = OwnField.objects.get(pk=row.pk)
    wanted.value_kind = job.args["values"]["value_kind"]
    wanted.unit = job.args["values"].get("unit", "")
    since = parse_datetime(str(job.cursor.get("since", ""))) or timezone.now()
    _look_through(job, wanted, since, stop)
    options = [Choosable(*one) for one in job.args["options"]]
    by, version = Author.for_user(user, Door.PAGE), job.args["version"]
    try:
        told: dict[str, Any] = {"version": version, "by": by, "at": timezone.now()}
        change_field(row, job.args["values"], options, checked_since=since, **told)
    except Refused as refusal:
        raise JobFailed(refusal.message) from refusal
    return {"field": row.pk}


def _author(job: Job) -> User:
    """Who asked for it, if he still may."""
    user = User.objects.filter(pk=job.owner_id or 0, is_active=True).first()
    if user is None or not user.can(Permission.FIELD_MANAGE):
        raise JobFailed(_("你已不能维护自定义字段，没有改"))
    return user


def _look_through(job: Job, wanted: OwnField, since: datetime, stop: Callable[[], None]) -> None:
    rows, odd = filled(wanted).order_by("pk"), job.cursor.get("odd", 0)
    total, done, first = rows.count(), job.progress_done, list(job.cursor.get("first", []))
    last = int(job.cursor.get("last", 0))
    path = f"{wanted.column}__{wanted.name}_t"
    while chunk := list(rows.filter(pk__gt=last).values_list("pk", path)[:CHUNK]):
        stop()
        wrong = [text for _pk, text in chunk if not fits(wanted, text)]
        odd, first = odd + len(wrong), [*first, *wrong][:SHOWN]
        done, last = done + len(chunk), chunk[-1][0]
        cursor = {"last": last, "odd": odd, "first": first, "since": since.isoformat()}
        job.advance(done, max(total, done), cursor)
    if odd:
        raise JobFailed(unfit(first, odd, ValueKind(wanted.value_kind)).message)
