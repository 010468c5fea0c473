"""Until somebody exists, every page leads to the first run."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kebu.office.staff.models import User

Answer = Callable[[HttpRequest], HttpResponse]


OPEN = ("/static/", "/ui/", "/setup/")


def first_run(get_response: Answer) -> Answer:
    """Middleware: send everybody to the set-up while there is no user; asked only until there is one."""
    is_founded = False

    def answer(request: HttpRequest) -> HttpResponse:
        nonlocal is_founded
        if not is_founded and not request.path.startswith(OPEN):
            is_founded = User.objects.exists()
            if not is_founded:
                return redirect("signin:setup")
        return get_response(request)

    return answer
