"""Who may see and do what with an import."""

from pathlib import Path

import pytest
from django.test import Client

from kebu.base.jobs.models import Job
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.tests.sheets import BAD_PHONE, GOOD, HEADERS, taken, upload, xlsx
from kebu.office.staff.models import User
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db
POSTS = ("mapping", "corrections", "decisions", "conflicts", "commit", "cancellation")


@pytest.fixture
def source(rep: User, client_of: ClientOf, tmp_path: Path) -> Import:
    return taken(client_of(rep), tmp_path, [*GOOD, BAD_PHONE])


def unchanged(source: Import) -> bool:
    fresh = Import.objects.filter(pk=source.pk).values().get()
    return fresh == {name: getattr(source, name) for name in fresh} and Job.objects.count() == 1


def test_others_do_not_see_it(
    source: Import, mate: User, manager: User, outsider: User, client_of: ClientOf
) -> None:
    for user in (mate, manager, outsider):
        client: Client = client_of(user)
        assert client.get(f"/imports/{source.pk}/").status_code == 404
        assert client.get(f"/imports/{source.pk}/failures/").status_code == 404
        for verb in POSTS:
            assert client.post(f"/imports/{source.pk}/{verb}/").status_code == 404
        assert source.file_name not in client.get("/imports/").content.decode()
    assert unchanged(source)


def test_administrator_looks_and_does_nothing(source: Import, admin: User, client_of: ClientOf) -> None:
    client = client_of(admin)
    assert source.file_name in client.get("/imports/").content.decode()
    page = client.get(f"/imports/{source.pk}/").content.decode()
    assert "手机号少一位" in page
    assert "开始导入" not in page
    assert "周慕白" in page
    assert client.get(f"/imports/{source.pk}/failures/").status_code == 200
    for verb in POSTS:
        assert client.post(f"/imports/{source.pk}/{verb}/").status_code == 403
    assert unchanged(source)


def test_without_permission(source: Import, auditor: User, client_of: ClientOf) -> None:
    client = client_of(auditor)
    for address in (
        "/imports/",
        "/imports/template/",
        f"/imports/{source.pk}/",
        f"/imports/{source.pk}/failures/",
    ):
        assert client.get(address).status_code == 403
    for verb in POSTS:
        assert client.post(f"/imports/{source.pk}/{verb}/").status_code == 403
    assert upload(client, xlsx([HEADERS, *GOOD])).status_code == 403
    assert unchanged(source)
    assert Import.objects.count() == 1


def test_wrong_methods(source: Import, rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    for verb in POSTS:
        assert client.get(f"/imports/{source.pk}/{verb}/").status_code == 405
    for address in (f"/imports/{source.pk}/", f"/imports/{source.pk}/failures/", "/imports/template/"):
        assert client.post(address).status_code == 405
    assert client.put("/imports/").status_code == 405
    assert unchanged(source)


def test_absent(rep: User, client_of: ClientOf) -> None:
    assert client_of(rep).get("/imports/999999/").status_code == 404


def test_strangers(source: Import, client: Client) -> None:
    assert client.get(f"/imports/{source.pk}/")["Location"].startswith("/sign-in/")
