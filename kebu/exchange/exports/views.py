"""Pages of exports: my exports and one of them, asking for a new one, taking the file."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires


@requires(Permission.CUSTOMER_EXPORT)
@require_GET
def export_list(request: HttpRequest) -> HttpResponse:
    """My exports, the latest first."""
    return HttpResponse()
