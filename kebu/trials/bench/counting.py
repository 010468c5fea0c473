"""How many statements a request sent, told in a header."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from kebu.trials.site.browser import STATEMENTS


def count_statements(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: count what goes to the database, transaction marks aside."""

    def measured(request: HttpRequest) -> HttpResponse:
        count = 0

        def counting(execute: Callable[..., Any], *args: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*args)

        with connection.execute_wrapper(counting):
            response = get_response(request)
        response[STATEMENTS] = str(count)
        return response

    return measured
