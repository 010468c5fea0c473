"""The import wizard as a patient person uses it: the same button again when nothing answered."""

import re
import time
from collections.abc import Callable

from kebu.trials.drills.acknowledgements import Fact
from kebu.trials.drills.doors import target
from kebu.trials.drills.server import PATIENCE, Server
from kebu.trials.site.browser import Answer, Browser
from kebu.trials.site.forms import read_form

CHECKED = re.compile(r'<button class="btn btn-primary">\s*开始导入')
DONE = re.compile(r"新建客户</dt><dd[^>]*>([\d,]+)<")
GLANCE = 0.3  # seconds between two looks at the page
NUMBER = re.compile(r"/imports/(\d+)/")


class Wizard:
    """One file on its way through the pages of the import."""

    def __init__(self, server: Server, browser: Browser, name: str, content: bytes) -> None:
        self.server, self.browser = server, browser
        self.name, self.content = name, content
        self.press: Callable[[str, dict[str, str]], Answer] = browser.post  # what pressing the button does

    def carry_through(self) -> Fact:
        """Upload, wait for the check, start, wait for the result; returns what the result page says."""
        page = self._upload()
        self._until(page, CHECKED)
        self.server.persist(lambda: self.press(f"{page}commit/", self._token()))
        created = self._until(page, DONE)[1]
        return {"import": int(page.split("/")[2]), "created": int(created.replace(",", ""))}

    def _upload(self) -> str:
        """Drop the file; without an answer drop it again, which begins another import."""
        start = "/imports/"
        form = read_form(self.server.persist(lambda: self.browser.get(start)).text, "csrfmiddlewaretoken")
        answer = self.server.persist(
            lambda: self.browser.upload(start, form, "file", self.name, self.content)
        )
        if found := NUMBER.search(target(answer)):
            return found[0]
        raise RuntimeError(f"the file was not taken: {answer.status} {answer.text[:500]}")

    def _token(self) -> dict[str, str]:
        return {"csrfmiddlewaretoken": self.browser.cookies["csrftoken"]}

    def _until(self, page: str, mark: re.Pattern[str]) -> re.Match[str]:
        """Look at the page of the import until it says so."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            text = self.server.persist(lambda: self.browser.get(page)).text
            if found := mark.search(text):
                return found
            time.sleep(GLANCE)
        raise RuntimeError(f"{page} never said {mark.pattern}: {text[-2000:]}")
