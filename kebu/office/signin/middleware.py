"""What comes before any page: a new password, a second factor; and noting that a session is in use."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kebu.base.ui.htmx import redirect_to
from kebu.office.signin.choices import DUE, TWO_FACTOR
from kebu.office.signin.sessions import SessionStore
from kebu.office.staff.models import User

Answer = Callable[[HttpRequest], HttpResponse]
IDLE = "X-Kebu-Idle"  # what a page asks of itself says so: it is no sign that anybody is there
OPEN = ("/static/", "/ui/", "/sign-in/", "/sign-out/", "/me/", "/set-password/")


def gate(get_response: Answer) -> Answer:
    """Middleware: lead to what has to be done first; note now and then that a session is in use."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(OPEN) and (first := comes_first(request)):
            return redirect_to(request, reverse(first))
        response = get_response(request)
        session = request.session
        is_used = IDLE not in request.headers and response.status_code < 500
        if is_used and isinstance(session, SessionStore) and session.is_unseen:
            session.note_seen()
        return response

    return answer


def comes_first(request: HttpRequest) -> str:
    """The page that has to be seen to before any other; "" when there is none."""
    user = request.user
    if not isinstance(user, User):
        return ""
    if request.session.get(DUE):
        return "signin:profile"
    if not request.session.get(TWO_FACTOR) and user.is_two_factor_required:
        return "signin:two_factor"
    return ""
