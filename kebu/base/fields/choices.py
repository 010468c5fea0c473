"""How much a field is wanted, and how carefully it is handled."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(StrEnum):
    """Two levels of requiredness (X5) and the rest."""

    REQUIRED = "required"  # saving is refused without it
    WANTED = "wanted"  # counts towards completeness
    OPTIONAL = "optional"


class Use(StrEnum):
    """What somebody may want to do with a field."""

    VIEW = "view"  # see that there is a value, masked perhaps
    READ = "read"  # see the whole value
    CREATE = "create"  # type it into a new record
    EDIT = "edit"
    FILTER = "filter"
    SORT = "sort"
    IMPORT = "import"  # bring it in with a new record
    EXPORT = "export"  # take it out in a file, masked perhaps


class Sensitivity(StrEnum):
    """How carefully values are handled."""

    NORMAL = "normal"
    CONTACT = "contact"  # internal use only, may be masked by a role
    PERSONAL = "personal"  # personal data of a natural person


class Operator(TextChoices):
    """What a condition says of a field's value; the label shows where the values stand."""

    IS = "is", _("是{}")  # any of the values given
    IS_NOT = "is_not", _("不是{}")  # none of them; an empty field is none of them
    ALL = "all", _("同时有{}")
    CONTAINS = "contains", _("包含{}")
    LACKS = "lacks", _("不包含{}")
    STARTS = "starts", _("开头是{}")
    ENDS = "ends", _("结尾是{}")
    ABOVE = "above", _("不小于{}")
    BELOW = "below", _("不大于{}")
    BETWEEN = "between", _("在{}之间")
    WITHIN = "within", _("在{}")  # days told from today
    EMPTY = "empty", _("没有填")
    FILLED = "filled", _("已填")

    @property
    def takes_values(self) -> bool:
        return self not in (Operator.EMPTY, Operator.FILLED)


OPPOSITES = {
    Operator.IS_NOT: Operator.IS,
    Operator.LACKS: Operator.CONTAINS,
    Operator.EMPTY: Operator.FILLED,
}
"""Operators that say that the other one does not hold."""

CHOSEN = (Operator.IS, Operator.IS_NOT, Operator.EMPTY, Operator.FILLED)
COMPARED = (
    Operator.IS, Operator.IS_NOT, Operator.ABOVE, Operator.BELOW, Operator.BETWEEN,
    Operator.EMPTY, Operator.FILLED,
)  # fmt: skip
WRITTEN = (
    Operator.CONTAINS, Operator.LACKS, Operator.IS, Operator.IS_NOT, Operator.STARTS, Operator.ENDS,
    Operator.EMPTY, Operator.FILLED,
)  # fmt: skip
