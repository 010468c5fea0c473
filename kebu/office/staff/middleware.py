"""Until somebody exists, every page leads to the first run."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kebu.office.staff.models import User

Answer = Callable[[HttpRequest], HttpResponse]


def first_run(get_response: Answer) -> Answer:
    """Middleware: send everybody to the set-up while there is no user; asked only until there is one."""
    is_founded = False

    def answer(request: HttpRequest) -> HttpResponse:
        nonlocal is_founded
        if not is_founded and not request.user.is_authenticated:
            is_founded = User.objects.exists()
            setup = reverse("staff:setup")
            if not is_founded and request.path != setup and not request.path.startswith(("/static/", "/ui/")):
                return redirect(setup)
        return get_response(request)

    return answer
