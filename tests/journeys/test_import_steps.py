"""Every step of bringing in a sheet, under axe, in light on the desk and in dark on the phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import is_fit_for_all
from tests.journeys.conftest import OpenAs
from tests.journeys.once import looks
from tests.journeys.spreadsheet import write_sheet
from tests.journeys.stage import MANAGER, Stage

pytestmark = [pytest.mark.journey, looks]
KNOWN = """
    SELECT c.name, c.phone FROM customers_customer c
    WHERE c.phone <> '' AND c.kind = 'company' AND c.archived_at IS NULL ORDER BY c.id LIMIT 2
"""


def test_every_step_is_fit_for_all(open_as: OpenAs, made: Stage, tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path, made.rows(KNOWN))
    page = open_as(MANAGER)
    page.goto(made.at("/imports/"), wait_until="networkidle")
    assert is_fit_for_all(page, "choose a file")
    with made.work_held():
        page.set_input_files("input[type=file]", sheet)
        expect(page.locator("#foot progress")).to_be_visible()
        assert is_fit_for_all(page, "being checked")
    start = page.get_by_role("button", name=re.compile("^开始导入"))
    expect(start).to_be_enabled(timeout=30_000)
    for section in ("#columns-title", "#rows-title", "#twins-title"):
        expect(page.locator(section)).to_be_visible()
    assert is_fit_for_all(page, "columns, faults and doubles")
    page.locator("#row-8 input.form-control").fill("13805741129")
    page.locator("#row-8 input.form-control").press("Tab")
    expect(page.locator("#row-8")).to_contain_text("已更正")
    page.locator("#twins").get_by_label("只补空白").check()
    expect(page.locator("#tally")).to_contain_text("7")
    assert is_fit_for_all(page, "corrected and decided")
    with made.work_held():
        start.click()
        expect(page.locator("#foot progress")).to_be_visible()
        assert is_fit_for_all(page, "being imported")
    expect(page.locator("main")).to_contain_text("导入完", timeout=30_000)
    assert is_fit_for_all(page, "result")
