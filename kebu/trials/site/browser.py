"""A signed-in client over one kept connection on the loopback address."""

import http.client
import time
from http.cookies import SimpleCookie
from typing import NamedTuple, Self
from urllib.parse import urlencode
from uuid import uuid4

from kebu.trials.site.forms import read_form

STATEMENTS = "X-Kebu-Statements"
QUIET = 10.0  # seconds after which the server may hang up, perhaps at this very moment


class Answer(NamedTuple):
    """What came back, after how many milliseconds and (in a measured server) how many statements."""

    status: int
    text: str
    headers: http.client.HTTPMessage
    ms: float
    statements: int


class Unanswered(ConnectionError):
    """The server went away before it answered; whether it did what was asked is not known."""


class Browser:
    """Sends requests and keeps cookies; it follows no redirects and runs no script."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.spoke_at = 0.0

    @classmethod
    def signed_in(cls, port: int, username: str, password: str) -> Self:
        """Sign in through the form."""
        browser = cls(port)
        form = read_form(browser.get("/sign-in/").text, "password")
        answer = browser.post("/sign-in/", form | {"username": username, "password": password})
        if answer.status != 302:
            raise PermissionError(f"sign-in of {username}: {answer.status}")
        return browser

    def twin(self) -> "Browser":
        """Another tab of the same session, with a connection of its own."""
        twin = Browser(self.port)
        twin.cookies = dict(self.cookies)
        return twin

    def get(self, path: str, *, fragment: bool = False) -> Answer:
        return self._send("GET", path, None, fragment)

    def post(self, path: str, form: dict[str, str], *, fragment: bool = False) -> Answer:
        return self._send("POST", path, urlencode(form).encode(), fragment)

    def upload(self, path: str, form: dict[str, str], control: str, name: str, content: bytes) -> Answer:
        """POST a form with one file."""
        mark = uuid4().hex
        heads = [f'name="{key}"\r\n\r\n{value}\r\n' for key, value in form.items()]
        heads.append(f'name="{control}"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n')
        text = "".join(f"--{mark}\r\nContent-Disposition: form-data; {head}" for head in heads)
        body = text.encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self._send("POST", path, body, False, f"multipart/form-data; boundary={mark}")

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        fragment: bool,
        content_type: str = "application/x-www-form-urlencoded",
    ) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fragment:
            headers["HX-Request"] = "true"
        if body is not None:
            headers["Content-Type"] = content_type
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        start = time.perf_counter()
        if start - self.spoke_at > QUIET:
            self.connection.close()  # the next request opens it anew
        self.spoke_at = start
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            data = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            raise Unanswered(f"{method} {path}: {error!r}") from error
        spent = (time.perf_counter() - start) * 1000
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        statements = int(response.headers.get(STATEMENTS, "0"))
        return Answer(response.status, data.decode(errors="replace"), response.headers, spent, statements)
