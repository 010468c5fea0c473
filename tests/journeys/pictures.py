"""`make pictures`: the pictures of the READMEs from demo data into docs/images/; each 150 KB at most."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.chrome import PHONE, launch, look
from tests.journeys.pages import customer_of, settle
from tests.journeys.spreadsheet import write_sheet
from tests.journeys.stage import MANAGER, REP, ROOT, Stage, stage

FOLDER = ROOT / "docs" / "images"
SCREEN = (1440, 900)
MOST = 150_000
KNOWN = """
    SELECT c.name, c.phone FROM customers_customer c JOIN staff_user u ON u.id = c.owner_id
    WHERE u.username = %s AND c.phone LIKE '+86%%' AND c.kind = 'company' AND c.archived_at IS NULL
    ORDER BY c.id LIMIT 2
"""


def team_list(page: Page, made: Stage) -> None:
    page.goto(made.at("/customers/?view=team"))


def customer(page: Page, made: Stage) -> None:
    page.goto(made.at(f"/customers/{customer_of(made)}/"))


def desk(page: Page, made: Stage) -> None:
    page.goto(made.at("/"))


def sheet(page: Page, made: Stage) -> None:
    """The faults and doubles of a sheet; its columns stand above them."""
    with tempfile.TemporaryDirectory() as folder:
        known = [(name, phone.removeprefix("+86")) for name, phone in made.rows(KNOWN, REP)]
        page.goto(made.at("/imports/"))
        page.set_input_files("input[type=file]", write_sheet(Path(folder), known))
        expect(page.locator("#twins-title")).to_be_visible(timeout=30_000)
    page.reload()
    page.evaluate("scrollTo(0, document.querySelector('#rows').getBoundingClientRect().top - 60)")


PICTURES: dict[str, tuple[Callable[[Page, Stage], None], str, tuple[int, int]]] = {
    "list": (team_list, MANAGER, SCREEN),
    "customer": (customer, REP, SCREEN),
    "desk": (desk, MANAGER, SCREEN),
    "import": (sheet, MANAGER, (1440, 840)),
    "phone": (desk, REP, PHONE),
}


def shrink(path: Path) -> None:
    """256 colours are enough for a page; nothing is blurred."""
    subprocess.run(
        ["pngquant", "--force", "--skip-if-larger", "--speed=1", "--strip", f"--output={path}", "256", path],
        check=False,
    )
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)} {size:,} bytes", flush=True)
    if size > MOST:
        sys.exit(f"{path.name} is larger than {MOST:,} bytes")


def take(browser: Browser, made: Stage, name: str) -> None:
    """One picture; a page that failed ends everything."""
    act, who, size = PICTURES[name]
    is_phone = size == PHONE
    options = look(made, who, size) | {"is_mobile": is_phone, "device_scale_factor": 2 if is_phone else 1}
    context = browser.new_context(**options)
    page = context.new_page()
    act(page, made)
    settle(page)
    if page.get_by_text("服务器出了错").count():
        sys.exit(f"{name}: {made.server_said()}")
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    shrink(path)
    context.close()


def main() -> None:
    if not shutil.which("pngquant"):
        sys.exit("pngquant is missing: apt-get install pngquant")
    with stage("pictures") as made, sync_playwright() as driver:
        browser = launch(driver, "--font-render-hinting=none")
        for name in sys.argv[1:] or PICTURES:
            take(browser, made, name)
        browser.close()


if __name__ == "__main__":
    main()
