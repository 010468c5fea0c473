"""A finished import as a batch: it stands among the others and can be taken back."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.batches.choices import State
from kebu.base.batches.models import Batch
from kebu.base.batches.registry import Done, Hand, Way, register
from kebu.base.journal.authors import Author
from kebu.crm.customers.ways import seen
from kebu.exchange.imports.choices import Outcome
from kebu.exchange.imports.models import Import

WRITTEN = (Outcome.CREATE, Outcome.UPDATE, Outcome.CONFLICT)


def _done_already(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """An import is carried out by a job of its own."""
    return Done()


IMPORT = register(
    Way(
        kind="import",
        label=gettext_lazy("导入"),
        icon="file-import",
        permission=Permission.CUSTOMER_IMPORT,
        work=_done_already,
        seen=seen,
        reach_by=Permission.CUSTOMER_EDIT,
    )
)


def note(source: Import, by: Author, at: datetime) -> None:
    """Let the import, whose last row is in, stand among the batches."""
    rows = source.rows.filter(outcome__in=WRITTEN, customer_id__isnull=False)
    batch = Batch(code=source.batch, kind=IMPORT.kind, at=at, state=State.DONE, finished_at=at)
    batch.title = (_("导入%(name)s") % {"name": source.file_name})[:200]
    batch.author_id, batch.author_name, batch.door = by.user_id, by.name, by.door
    batch.ids = [pk for pk in rows.values_list("customer_id", flat=True).distinct() if pk]
    conflicts = rows.filter(outcome=Outcome.CONFLICT).values("customer_id").distinct().count()
    batch.handled_count, batch.changed_count = batch.total, batch.total - conflicts
    Batch.objects.bulk_create([batch], ignore_conflicts=True)
