"""What the journal tells of itself: exports and verifications."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import JOURNAL, Action
from kebu.base.journal.findings import Report
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.journal.verifying import verify

TOLD = 20


def note_export(rows: int, words: str, form: str, *, by: Author, at: datetime) -> None:
    """Write down that entries left the house: how many, which, as what."""
    changes: dict[str, list[Any]] = {
        "count": [None, rows],
        "filter": [None, words],
        "format": [None, form],
    }
    JournalEntry.objects.record([Line(JOURNAL, 0, "", Action.EXPORT, 0, None, changes)], by=by, at=at)


def check(progress: Callable[[int, int], None], *, by: Author, at: datetime) -> Report:
    """Verify the chain and write down what came of it."""
    report = verify(progress)
    changes: dict[str, list[Any]] = {"checked": [None, report.checked], "found": [None, report.found]}
    if not report.is_clean:
        changes["findings"] = [None, [finding.text for finding in report.findings[:TOLD]]]
    JournalEntry.objects.record([Line(JOURNAL, 0, "", Action.CHECK, 0, None, changes)], by=by, at=at)
    return report


def in_short(report: Report) -> str:
    """The result in one sentence."""
    if report.is_clean:
        return _("校验了%(count)s条，没有发现改动") % {"count": f"{report.checked:,}"}
    return _("校验了%(count)s条，发现%(found)d处不对") % {
        "count": f"{report.checked:,}",
        "found": report.found,
    }
