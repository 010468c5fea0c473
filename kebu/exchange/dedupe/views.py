"""Doubles shown while somebody types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.exchange.dedupe.queries import candidates, without_secrets
from kebu.office.staff.queries import signed_in


@requires(Permission.CUSTOMER_CREATE)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Customers that look like what stands in ``name`` and ``phone``.

    Of hidden ones it says that they exist and, by the office's switch, whose they are; the count of that is
    kept, hence no GET.
    """
    name = request.POST.get("name", "").replace("\0", "")[:120]
    phone = request.POST.get("phone", "").replace("\0", "")[:60]
    user = signed_in(request)
    found = candidates(name=name, phones=[phone] if phone else [], user=user)
    by, at = Author.of(request), timezone.now()
    matches = without_secrets(found, name.strip() or phone, to=user, by=by, at=at)
    return render(request, "dedupe/matches.html", {"matches": matches})
