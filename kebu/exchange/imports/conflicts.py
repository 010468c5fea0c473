"""Rows in conflict: the customer was changed after the check by somebody else. Shown, told, decided."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field
from kebu.base.kit.masks import HIDDEN
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.exchange.imports.choices import Outcome, State
from kebu.exchange.imports.committing import importer
from kebu.exchange.imports.correcting import NotNow
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.updating import settle


@dataclass(frozen=True, slots=True)
class Clash:
    """One field of a row and its customer: the file's value, the one of now, and whose that is."""

    name: str
    label: str
    mine: str
    now: str
    author: str
    at: datetime

    @property
    def sentence(self) -> str:
        """The whole in one line, for the file of failing rows."""
        return _("%(label)s：检查后被%(author)s改过，表里的“%(mine)s”没有写入，现在是“%(now)s”") % {
            "label": self.label,
            "author": self.author,
            "mine": self.mine or _("空"),
            "now": self.now or _("空"),
        }


def clashes_of(row: ImportRow, context: Context) -> list[Clash]:
    """What collided in a row; whoever shows it makes sure that the customer may be seen."""
    return [
        _clash(field, CUSTOMER_FIELDS[field["name"]], context)
        for field in row.clash.get("fields", ())
        if field["name"] in CUSTOMER_FIELDS and CUSTOMER_FIELDS[field["name"]].allows(Use.VIEW, context)
    ]


def _clash(kept: dict[str, str], item: Field, context: Context) -> Clash:
    """The words kept with the row, as far as this reader may read them."""
    is_open = item.allows(Use.READ, context)
    mine, now = (kept[side] if is_open or not kept[side] else HIDDEN for side in ("mine", "now"))
    at = datetime.fromisoformat(kept["at"])
    return Clash(item.name, item.label, mine, now, kept["author"], at)


@transaction.atomic
def decide_conflicts(
    source: Import, numbers: Collection[int], *, is_mine: bool, at: datetime
) -> list[ImportRow]:
    """Take the file's values or leave those that stand there now; a row decided before is left alone.

    Returns the rows it was done for; what somebody changed once more meanwhile is a conflict again.
    """
    locked = Import.objects.select_for_update().get(pk=source.pk)
    if locked.state != State.DONE:
        raise NotNow
    rows = list(source.rows.filter(number__in=numbers, outcome=Outcome.CONFLICT).order_by("number"))
    settle(rows, importer(source), at, is_mine=is_mine)
    return rows
