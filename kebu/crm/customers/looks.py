"""Ways to look at the customer list: as a table, or as a board with a column for each value of a field."""

from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from kebu.base.access.queries import Viewer
from kebu.base.fields.choices import Use
from kebu.base.fields.fieldsets import ALLOWED, Field, rule_for
from kebu.crm.customers.fields import CUSTOMER_FIELDS

BOARD = "board"
GROUPINGS = ("stage", "customer_type", "grade", "value_tier")
LOOK_PARTS = {"look", "by"}


class Look(NamedTuple):
    """How the list is looked at: ``by`` names the field whose values are the columns, "" means the table."""

    by: str = ""
    problems: tuple[str, ...] = ()

    @property
    def is_board(self) -> bool:
        return bool(self.by)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Its parts of the address."""
        return [("look", BOARD), ("by", self.by)] if self.by else []

    @classmethod
    def read(cls, params: QueryDict, user: Viewer) -> "Look":
        """What the address asks for, as far as this reader may have it: a column tells of each customer in
        it."""
        wanted, by = params.get("look", ""), params.get("by", "")
        if wanted != BOARD:
            known = not wanted or wanted == "table"
            return cls("", () if known else (_("没有“%(name)s”这种显示方式") % {"name": wanted[:30]},))
        offered = [item.name for item in groupings(user)]
        if not offered:
            return cls("", (_("看板要按阶段、类型或分级分列，这些字段你看不到"),))
        if by and by not in offered:
            told = {"name": by[:30], "other": CUSTOMER_FIELDS[offered[0]].label}
            return cls(offered[0], (_("看板不能按“%(name)s”分列，换成了%(other)s") % told,))
        return cls(by or offered[0])


def groupings(user: Viewer) -> list[Field]:
    """The fields by whose values this reader may have the customers sorted into columns."""
    fields = (CUSTOMER_FIELDS[name] for name in GROUPINGS)
    return [item for item in fields if rule_for(user, item) in ALLOWED[Use.FILTER]]
