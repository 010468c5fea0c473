"""How much a field is wanted, and how carefully it is handled."""

from enum import StrEnum


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


class Sensitivity(StrEnum):
    """How carefully values are handled."""

    NORMAL = "normal"
    CONTACT = "contact"  # internal use only, may be masked by a role
    PERSONAL = "personal"  # personal data of a natural person
