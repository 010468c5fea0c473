"""What is measured: pages against their floors, writes against bare statements."""

import re
from collections.abc import Callable
from functools import cached_property
from urllib.parse import quote

from kebu.trials.bench.measure import Result, alternating, compared
from kebu.trials.site.browser import Answer, Browser
from kebu.trials.site.forms import read_form


class Cases:
    """All cases on one running server."""

    def __init__(self, browser: Browser, customers: int) -> None:
        self.browser = browser
        self.customers = customers
        self.numbers = sorted(set(re.findall(r"CUS\d{9,}", self._body("/customers/?view=team"))))

    def _body(self, path: str) -> str:
        return self.browser.get(path).text

    def run(self) -> list[Result]:
        """Measure pages."""
        return [beside_floor(name, path, self.browser, self.customers) for name, path in self.pages.items()]

    def write(self) -> list[Result]:
        """Measure writes."""
        return [self._create(), self._inline_save(), self._followup()]

    @cached_property
    def pages(self) -> dict[str, str]:
        """The pages measured, by the name of the case."""
        return {
            "list": "/customers/?view=team",
            "list_deep": self._deep_page(),
            "list_filtered": "/customers/?view=team&customer_type=prospect&industry=C",
            "list_sorted": "/customers/?view=team&sort=name",
            "search_2": f"/customers/?view=team&q={quote('精密')}",
            "search_pinyin": "/customers/?view=team&q=jmjx",  # fills the page at every size, as the others do
            "search_phone": "/customers/?view=team&q=4567",
            "customer": f"/customers/{self.numbers[0]}/",
            "desk": "/",
            "calendar": "/calendar/",
        }

    def _deep_page(self) -> str:
        """The address some hundred pages down, reached as a person would: page by page."""
        path = "/customers/?view=team&sort=created_at"
        for _turn in range(min(200, self.customers // 100)):
            found = re.findall(
                r'href="([^"]*cursor=[^"]*)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*)"', self._body(path)
            )
            if not found:
                break
            path = (found[-1][0] or found[-1][1]).replace("&amp;", "&")
            path = path if path.startswith("/") else f"/customers/{path}"
        return path

    def _write(self, name: str, prepare: Callable[[int], tuple[str, dict[str, str]]]) -> Result:
        def real(turn: int) -> Answer:
            path, form = prepare(turn)
            return self.browser.post(path, form, fragment=True)

        timings = alternating(real, lambda _: self.browser.post(f"/bench/write/{name}/", {}))
        return compared(name, self.customers, *timings)

    def _create(self) -> Result:
        path = "/customers/new/"

        def prepare(turn: int) -> tuple[str, dict[str, str]]:
            form = read_form(self._body(path), "submission")
            # other than what an earlier size made: a double would be asked about
            name, fresh = f"测速{self.customers}第{turn}精密机械有限公司", self.customers % 9973 + turn * 7
            return path, form | {"name": name, "phone": f"151123{fresh:05d}"}

        return self._write("create", prepare)

    def _inline_save(self) -> Result:
        path = f"/customers/{self.numbers[0]}/field/remark/"

        def prepare(turn: int) -> tuple[str, dict[str, str]]:
            form = read_form(self.browser.get(path, fragment=True).text, "version")
            return path, form | {"remark": f"备注{turn}"}

        return self._write("inline_save", prepare)

    def _followup(self) -> Result:
        path = f"/interactions/new/?customer={self.numbers[1]}"

        def prepare(turn: int) -> tuple[str, dict[str, str]]:
            form = read_form(self.browser.get(path, fragment=True).text, "summary")
            return path, form | {"summary": f"第{turn}次通电话，确认报价"}

        return self._write("followup", prepare)


def beside_floor(name: str, path: str, browser: Browser, customers: int) -> Result:
    """A page as that browser's user meets it, and the least it can cost."""
    floor = f"/bench/page/?path={quote(path, safe='')}"
    timings = alternating(lambda _: browser.get(path), lambda _: browser.get(floor))
    return compared(name, customers, *timings)
