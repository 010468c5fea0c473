"""What every editable row shares, and the keys that make repeated creates harmless."""

from hashlib import sha256
from typing import Any, Self

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, models, transaction
from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kebu.base.kit.errors import KitError

LONGEST_KEY = 64
HIGHEST = 2**31 - 1  # version that its column keeps


class Gone(KitError, Http404):
    """The record is not there any more: somebody put it into the bin meanwhile. A form tells it, a bulk
    change notes it; where nobody catches it, it is the page 404."""


class Record(models.Model):
    """An editable row: ``version`` counts its changes and guards them (compare-and-set)."""

    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)
    created_at = models.DateTimeField(_("创建时间"), editable=False)
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    class Meta:
        abstract = True

    def see_again(self, rows: models.QuerySet[Self] | None = None) -> None:
        """See the row as it is now, read by ``rows`` if they are told. Raises Gone."""
        try:
            self.refresh_from_db(from_queryset=rows)
        except ObjectDoesNotExist:
            what = {"what": self._meta.verbose_name}
            raise Gone(gettext("这个%(what)s已经不在了，可能在回收站里") % what) from None

    @classmethod
    def swap(cls, record: Self, values: dict[str, Any]) -> bool:
        """Write ``values`` (by column) if nobody changed the row since ``record`` was read; say whether
        it was. A version that a browser sent and no row can have is nobody's."""
        if not 0 <= record.version < HIGHEST:
            return False
        changed = cls._base_manager.filter(pk=record.pk, version=record.version).update(
            **values, version=record.version + 1
        )
        if changed:
            record.version += 1
            for column, value in values.items():
                setattr(record, column, value)
        return bool(changed)


class Submission(models.Model):
    """A create form's key and what it made: the same key never makes a second record."""

    key = models.CharField(max_length=LONGEST_KEY, primary_key=True)
    user_id = models.BigIntegerField()
    record_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


def _stored(key: str, kind: str, user_id: int) -> str:
    """The key as the table keeps it, apart for each kind of record; whatever a browser sent fits, and two
    that differ stay two."""
    text = f"{kind}:{user_id}:{key}".replace("\x00", "")
    return text if len(text) <= LONGEST_KEY else sha256(text.encode()).hexdigest()


def claim_submission(key: str, *, kind: str, user_id: int, at: Any) -> Submission | None:
    """Take the key for the current transaction; None when it was used before (look its record up then).

    The row is written first, so a second submit waits for the first one's end and then finds it.
    """
    try:
        with transaction.atomic():
            return Submission.objects.create(key=_stored(key, kind, user_id), user_id=user_id, created_at=at)
    except IntegrityError:
        return None


def submitted_record(key: str, *, kind: str, user_id: int) -> int:
    """The id of the record of this kind that the key made before; 0 when it made none."""
    made = Submission.objects.filter(key=_stored(key, kind, user_id)).values_list("record_id", flat=True)
    return made.first() or 0
