"""Pages that ask whether an import is over may send anything as their address."""

from pathlib import Path

import pytest

from kebu.exchange.imports.tests.sheets import GOOD, taken
from kebu.office.staff.models import User
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["http://[", "http://[::1", "", "\u200b"])
def test_an_address_that_is_none(address: str, rep: User, client_of: ClientOf, tmp_path: Path) -> None:
    client = client_of(rep)
    source = taken(client, tmp_path, GOOD)
    answer = client.post(f"/imports/{source.pk}/notice/", headers={"HX-Current-URL": address})
    assert (answer.status_code, "检查完了" in answer.content.decode()) == (200, True)
