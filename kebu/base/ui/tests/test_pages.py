"""The pages of the interface itself."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from kebu.office.staff.models import User
from tests.cast import ClientOf


def test_the_gallery_is_for_signed_in_people_of_a_demo(
    rep: User, client_of: ClientOf, client: Client, settings: Settings
) -> None:
    settings.KEBU_DEMO_PASSWORD = "demo"
    assert client.get("/ui/gallery/").status_code == 302
    page = client_of(rep).get("/ui/gallery/")
    assert page.status_code == 200
    assert "每个组件的每个状态" in page.content.decode()
    settings.KEBU_DEMO_PASSWORD = ""
    assert client_of(rep).get("/ui/gallery/").status_code == 404


def test_the_shell_shows_what_the_user_may_open(
    rep: User, admin: User, client_of: ClientOf, settings: Settings
) -> None:
    settings.KEBU_DEMO_PASSWORD = "demo"
    settings.KEBU_NAVIGATION = [
        ("ui:gallery", "组件", "star", None),
        ("ui:offline", "员工", "users", "staff.manage", "tools"),
        ("nowhere:list", "没有的页", "x", None),
    ]
    page = client_of(rep).get("/ui/gallery/").content.decode()
    assert 'data-go="ui:gallery" aria-current="page"' in page
    assert "员工" not in page
    assert "没有的页" not in page
    assert "员工" in client_of(admin).get("/ui/gallery/").content.decode()


@pytest.mark.parametrize(("cookie", "attribute"), [("dark", ' data-bs-theme="dark"'), ("", ""), ('x"y', "")])
def test_the_theme_comes_from_the_server(
    rep: User, client_of: ClientOf, settings: Settings, cookie: str, attribute: str
) -> None:
    settings.KEBU_DEMO_PASSWORD = "demo"
    browser = client_of(rep)
    browser.cookies["kebu_theme"] = cookie
    assert f'<html lang="zh-CN"{attribute}>' in browser.get("/ui/gallery/").content.decode()


def test_the_offline_page_and_the_worker_need_nobody_and_hold_nothing(client: Client) -> None:
    page = client.get("/ui/offline/")
    assert "没有连上" in page.content.decode()
    assert not page.cookies
    worker = client.get("/ui/sw.js")
    assert worker["Service-Worker-Allowed"] == "/"
    assert worker["Content-Type"].startswith("text/javascript")
    assert "'/ui/offline/'" in worker.content.decode()


@pytest.mark.usefixtures("rep")
def test_refusals_say_what_to_do(client: Client, settings: Settings) -> None:
    page = client.get("/nothing-here/")
    assert page.status_code == 404
    assert "从客户列表再找一次" in page.content.decode()
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/ui/offline/", {"a": "1"})
    assert refused.status_code == 403
    assert "填过的内容会从草稿恢复" in refused.content.decode()


@pytest.mark.parametrize(("path", "status"), [("/nothing-here/", 404), ("/settings/users/", 403)])
def test_who_is_signed_in_keeps_the_side_bar(rep: User, client_of: ClientOf, path: str, status: int) -> None:
    page = client_of(rep).get(path)
    text = page.content.decode()
    assert page.status_code == status
    assert 'data-go="customers:list"' in text
    assert '<button type="button" class="btn" data-back>返回上一页' in text
    assert 'data-go="customers:list"' not in Client().get("/nothing-here/").content.decode()
