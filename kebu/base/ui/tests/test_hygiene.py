"""No room ever sees a NUL in an address."""

import pytest
from django.test import Client

from kebu.office.staff.models import User
from tests.cast import ClientOf


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/customers/?q=%00", "/customers/%00/", "/search/?q=a%00b", "/%00"])
def test_a_nul_is_refused(rep: User, client_of: ClientOf, address: str) -> None:
    answer = client_of(rep).get(address)
    assert answer.status_code == 400
    assert "地址" in answer.content.decode() or "返回" in answer.content.decode()
    assert Client().get(address).status_code == 400
