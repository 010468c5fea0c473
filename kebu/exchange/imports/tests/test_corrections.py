"""Rows to correct: told apart without a name, corrected again, the same mistake corrected everywhere."""

from pathlib import Path

import pytest
from django.test import Client

from kebu.exchange.imports.models import Import
from kebu.exchange.imports.tests.sheets import (
    GOOD,
    HEADERS,
    NAMELESS,
    outcomes,
    taken,
    upload,
    work_off,
    xlsx,
)
from kebu.office.staff.models import User
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NO_DAY = ["其它乱写" if n == 5 else text for n, text in enumerate(GOOD[1])]


@pytest.fixture
def client(rep: User, client_of: ClientOf) -> Client:
    return client_of(rep)


def test_a_row_without_a_name_shows_who_it_may_be(client: Client, tmp_path: Path) -> None:
    source = taken(client, tmp_path, [["", "13600136000", "季晓棠", "采购经理", "", "", "", ""], NAMELESS])
    page = client.get(f"/imports/{source.pk}/").content.decode()
    assert "季晓棠，13600136000" in page
    assert page.count("没有名称") == 2


def test_a_corrected_cell_can_be_corrected_again(client: Client, tmp_path: Path) -> None:
    source = taken(client, tmp_path, [NAMELESS])
    url = f"/imports/{source.pk}/corrections/"
    part = client.post(url, {"cell-2-0": "泰州错字公司", "was-2-0": ""}, headers=HTMX).content.decode()
    assert "已更正" in part
    assert 'name="cell-2-0" value="泰州错字公司"' in part
    client.post(url, {"cell-2-0": "泰州正字公司", "was-2-0": ""}, headers=HTMX)
    assert source.rows.get().reading["customer"]["name"] == "泰州正字公司"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("13800138000", "号码"),
        ("0571-87902210", "号码"),
        ("2026年3月5日", "日期"),
        ("2026-03-05", "日期"),
        ("wang@example.com", "邮箱"),
    ],
)
def test_what_plainly_is_no_name(client: Client, tmp_path: Path, text: str, word: str) -> None:
    source = taken(client, tmp_path, [*GOOD, [text, *GOOD[0][1:]]])
    assert outcomes(source) == ["create", "create", "create", "reject"]
    page = client.get(f"/imports/{source.pk}/").content.decode()
    assert f"“{text}”是{word}，不是名称，请写公司名或人名" in page


@pytest.mark.parametrize("text", ["58同城", "360", "3M", "2026年会筹备组", "007"])
def test_names_with_figures_are_names(client: Client, tmp_path: Path, text: str) -> None:
    source = taken(client, tmp_path, [[text, *GOOD[0][1:]]])
    assert outcomes(source) == ["create"]


def test_the_same_mistake_is_corrected_everywhere(client: Client, tmp_path: Path) -> None:
    rows = [[f"第{n}家冷链有限公司", f"1390000200{n}", *NO_DAY[2:]] for n in range(4)]
    source = taken(client, tmp_path, [*rows, [*GOOD[0][:5], "别的乱写", *GOOD[0][6:]]])
    assert outcomes(source) == ["reject"] * 5
    page = client.get(f"/imports/{source.pk}/").content.decode()
    assert page.count("另外3行也是“其它乱写”，改好这一格就可以一起改") == 1  # told once
    url, cells = f"/imports/{source.pk}/corrections/", {"cell-2-5": "2026-03-05", "was-2-5": "其它乱写"}
    part = client.post(url, cells, headers=HTMX).content.decode()
    assert "另外3行也是“其它乱写”，一起改" in part
    answer = client.post(url, {**cells, "like": "2-5"}, headers=HTMX)
    assert "toast" in answer.headers["HX-Trigger"]
    assert 'id="found"' in answer.content.decode()
    assert outcomes(source) == ["create"] * 4 + ["reject"]
    assert client.post(url, {"like": "x-٣"}, headers=HTMX).status_code == 200
    assert client.post(url, {**cells, "like": "2-5"}).status_code == 302


def test_the_columns_add_up(client: Client, tmp_path: Path) -> None:
    upload(client, xlsx([[*HEADERS, "无名栏"], *GOOD]))
    work_off(tmp_path)
    page = client.get(f"/imports/{Import.objects.get().pk}/").content.decode()
    assert "9列：8列自动认出，1列是空的" in page


def test_what_was_corrected_is_told_after_a_reload_and_can_be_corrected_again(
    client: Client, tmp_path: Path
) -> None:
    source = taken(client, tmp_path, [NAMELESS, *GOOD[:1]])
    page = f"/imports/{source.pk}/"
    assert "已更正" not in client.get(page).content.decode()
    client.post(f"{page}corrections/", {"cell-2-0": "泰州错字公司", "was-2-0": ""}, headers=HTMX)
    shown = client.get(f"{page}?show=corrected").content.decode()
    assert 'name="cell-2-0" value="泰州错字公司"' in shown
    assert source.rows.get(number=2).corrected == {"0": ""}
    again = {"cell-2-0": "泰州正字公司", "was-2-0": "泰州错字公司", "show": "corrected"}
    assert "已更正" in client.post(f"{page}corrections/", again, headers=HTMX).content.decode()
    assert source.rows.get(number=2).corrected == {"0": ""}  # what the file held
    client.post(f"{page}corrections/", {"cell-2-0": "", "was-2-0": "泰州正字公司"}, headers=HTMX)
    row = source.rows.get(number=2)
    assert (row.corrected, row.is_corrected, row.outcome) == ({}, False, "reject")


def test_blanks_are_no_correction_and_the_numbers_agree(rep: User, client: Client, tmp_path: Path) -> None:
    """A form sends every cell of its page, also those that nobody touched."""
    blank = ["  ", *NAMELESS[1:]]
    source = taken(client, tmp_path, [blank, blank, *GOOD[:1]])
    page = f"/imports/{source.pk}/"
    assert f"没写负责人的归{rep.name}" in client.get(page).content.decode()
    cells = {"cell-2-0": "泰州正字公司", "was-2-0": "", "cell-3-0": "", "was-3-0": ""}
    part = client.post(f"{page}corrections/", cells, headers=HTMX).content.decode()
    assert list(source.rows.filter(is_corrected=True).values_list("number", flat=True)) == [2]
    assert "下载要更正的1行" in part
    assert 'id="download" hx-swap-oob="true"' in part
