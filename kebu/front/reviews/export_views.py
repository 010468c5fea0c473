"""The review as a file."""

import tempfile
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.kit.table_write import write_book
from kebu.front.reviews.actions import note_export
from kebu.front.reviews.asking import Asked
from kebu.front.reviews.reckoning import Review
from kebu.front.reviews.sheets import sheets


@requires(Permission.MEETING_LEAD)
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """What the page shows as a workbook, for who may take out all of it; that it left is written down."""
    asked = Asked(request)
    if not asked.may_export:
        raise PermissionDenied
    period, whose, lacks_shared = asked.period, asked.whose.name, asked.leave_shared()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "review.xlsx"
        write_book(str(path), sheets(Review.of(asked), period, lacks_shared=lacks_shared))
        file = path.open("rb")  # stays readable when the folder is gone
    name = "-".join(filter(None, (_("复盘"), period.label, whose))) + ".xlsx"
    note_export(name, by=Author.of(request), at=timezone.now())
    return FileResponse(file, as_attachment=True, filename=name)
