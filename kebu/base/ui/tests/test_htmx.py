"""Page or part, and what travels with an answer."""

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from kebu.base.ui.htmx import close, is_fragment, redirect_to, toast, trigger

factory = RequestFactory()


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_only_a_part_is_a_fragment(headers: dict[str, str], answer: bool) -> None:
    assert is_fragment(factory.get("/", headers=headers)) is answer


def test_events_add_up_in_one_header() -> None:
    response = HttpResponse(status=204)
    close(response, "sheet")
    trigger(response, "customer-changed", id=17)
    toast(response, "已分配给林知遥", undo_url="/undo/1/")
    assert json.loads(response["HX-Trigger"]) == {
        "sheet-close": {},
        "customer-changed": {"id": 17},
        "toast": {"text": "已分配给林知遥", "undo": "/undo/1/"},
    }
    assert response["HX-Trigger"].isascii(), "headers carry ASCII only"


def test_redirect_reaches_the_browser_from_within_a_fragment() -> None:
    assert redirect_to(factory.get("/"), "/customers/").status_code == 302
    response = redirect_to(factory.get("/", headers={"HX-Request": "true"}), "/customers/")
    assert (response.status_code, response["HX-Redirect"]) == (204, "/customers/")
