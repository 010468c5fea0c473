"""A new password by mail, where there is a mail server. Known or unknown: the answer is the same."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kebu.base.access.decorators import public
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import visitor_address
from kebu.office.signin.forms import ForgottenForm
from kebu.office.signin.mailing import KIND
from kebu.office.signin.queries import can_mail
from kebu.office.signin.tries import Try, refusal
from kebu.office.staff.password_links import LINK_DAYS

ASKED = "#mail"  # not an account: how often one asked from here


@public
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link; who it is for is looked up in the background, so that not even the time tells."""
    if not can_mail():
        raise Http404
    form, error, is_sent = ForgottenForm(request.POST or None), "", False
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        attempt = Try.begin(request, ASKED, at=now)
        error = refusal(attempt.left, "") if attempt.is_refused else ""
        if not error:
            args = {
                "account": form.cleaned_data["account"],
                "site": request.build_absolute_uri("/").rstrip("/"),
                "address": visitor_address(request),
            }
            Job.objects.enqueue(KIND, args)
            is_sent = True
    context = {"form": form, "error": error, "is_sent": is_sent, "days": LINK_DAYS}
    status = 422 if request.method == "POST" and not is_sent else 200
    return render(request, "signin/forgotten.html", context, status=status)
