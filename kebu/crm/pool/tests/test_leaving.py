"""Where one is led who gives back the customer whose page he is on."""

import json

import pytest

from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("where", ["", "/customers/", "/nowhere/at/all/", "http://[", "the page"])
def test_from_his_page_one_is_led_to_the_list_with_the_way_back(
    where: str, rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """He no longer sees it, and nothing there could be read anew; from elsewhere he stays."""
    customer, client = make_customer(rep), client_of(rep)
    here = f"http://testserver{customer.get_absolute_url()}?list=view%3Dmine"
    headers = {**HTMX, "HX-Current-URL": here if where == "the page" else where}
    answer = client.post(
        "/pool/releases/", {"ids": customer.pk, "why": "no_time", "step": "do"}, headers=headers
    )
    assert answer.status_code == 204
    assert Customer.objects.get().owner_id is None
    if where == "the page":
        assert answer["HX-Redirect"] == "/customers/"
        told = client.get("/customers/").content.decode()
        assert "已把1个客户退回公海" in told
        assert "/undo/" in told
    else:
        assert "HX-Redirect" not in answer
        assert "退回公海" in json.loads(answer["HX-Trigger"])["toast"]["text"]


def test_who_still_sees_it_stays_on_its_page(
    rep: User, admin: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(rep)
    headers = {**HTMX, "HX-Current-URL": f"http://testserver{customer.get_absolute_url()}"}
    answer = client_of(admin).post("/pool/releases/", {"ids": customer.pk, "why": "no_time"}, headers=headers)
    assert answer.status_code == 204
    assert "HX-Redirect" not in answer
