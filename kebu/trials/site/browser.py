"""A signed-in client over one kept connection on the loopback address."""

import http.client
import time
from http.cookies import SimpleCookie
from typing import NamedTuple, Self
from urllib.parse import urlencode

from kebu.trials.site.forms import read_form

STATEMENTS = "X-Kebu-Statements"


class Answer(NamedTuple):
    """What came back, after how many milliseconds and (in a measured server) how many statements."""

    status: int
    text: str
    headers: http.client.HTTPMessage
    ms: float
    statements: int


class Browser:
    """Sends requests and keeps cookies; it follows no redirects and runs no script."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}

    @classmethod
    def signed_in(cls, port: int, username: str, password: str) -> Self:
        """Sign in through the form."""
        browser = cls(port)
        form = read_form(browser.get("/sign-in/").text, "password")
        answer = browser.post("/sign-in/", form | {"username": username, "password": password})
        if answer.status != 302:
            raise PermissionError(f"sign-in of {username}: {answer.status}")
        return browser

    def get(self, path: str, *, fragment: bool = False) -> Answer:
        return self._send("GET", path, None, fragment)

    def post(self, path: str, form: dict[str, str], *, fragment: bool = False) -> Answer:
        return self._send("POST", path, urlencode(form), fragment)

    def _send(self, method: str, path: str, body: str | None, fragment: bool) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fragment:
            headers["HX-Request"] = "true"
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        start = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        data = response.read()
        spent = (time.perf_counter() - start) * 1000
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        statements = int(response.headers.get(STATEMENTS, "0"))
        return Answer(response.status, data.decode(errors="replace"), response.headers, spent, statements)
