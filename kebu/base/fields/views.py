"""What inputs offer while somebody types."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.fields.formats import Region
from kebu.base.kit.regions_find import find_regions

LONGEST = 120


@requires()
@require_GET
def regions(request: HttpRequest) -> JsonResponse:
    """The regions that ``?q=`` may mean, as the field writes them; the parser reads whatever is sent then."""
    kind, context = Region(), Context()
    found = find_regions(request.GET.get("q", "")[:LONGEST])
    return JsonResponse({"items": [kind.show(code, context) for code in found]})
