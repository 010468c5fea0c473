"""What there is to tell: rooms register their kinds of notices in apps.ready()."""

from dataclasses import dataclass

from django.utils.functional import Promise

from kebu.office.notices.choices import USUAL, Way

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice: people choose per kind how they want to hear of it.

    ``code`` is stored (plan.due), ``group`` is the heading on the page of one's own choices (跟进计划;
    without one nobody chooses), ``default_channels`` the ways that are on until somebody does (choices QUIET,
    USUAL, URGENT). ``is_for_team``: a channel of the office, which many read, may be given it.
    """

    code: str
    label: Text
    group: Text
    help: Text = ""
    default_channels: tuple[Way, ...] = USUAL
    is_for_team: bool = False


TEST = "notices.test"

KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; a code is registered once."""
    if kind.code in KINDS:
        raise ValueError(f"two kinds of notices called {kind.code}")
    KINDS[kind.code] = kind


def label_of(code: str) -> str:
    """What a kind is called, also one that no room registers any more."""
    return str(KINDS[code].label) if code in KINDS else code
