"""Calling an address outside: the address that was checked, no redirects, ten seconds, one megabyte."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from kebu.office.notices import targets
from kebu.office.notices.outcomes import Failed, Unclear
from kebu.office.notices.targets import Target

SECONDS = 10.0
MOST = 1_000_000  # bytes of an answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said."""

    status: int
    body: bytes


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS) -> Answer:
    """Send ``body`` there and read the answer.

    Failed: nothing was sent (wrong or forbidden address, nobody there). Unclear: it was sent and there was no
    answer.
    """
    until = time.monotonic() + seconds
    target = targets.read(url)
    sock = _connected(target, targets.resolve(target, seconds), until)
    with _ending(sock, until):
        return _exchange(sock, target, body, headers)


def _connected(target: Target, addresses: list[str], until: float) -> socket.socket:
    """A connection to the first of the addresses that answers, its name proved where it is https."""
    reason = _("没有时间了")
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            plain = socket.create_connection((address, target.port), timeout=left)
        except OSError as error:
            reason = error.strerror or str(error)
            continue
        return _proved(plain, target, until) if target.scheme == "https" else plain
    told = _("连不上 %(host)s：%(reason)s") % {"host": target.host, "reason": reason}
    raise Failed(told, is_way=True)


def _proved(plain: socket.socket, target: Target, until: float) -> socket.socket:
    try:
        with _ending(plain, until, close=False):
            return _context().wrap_socket(plain, server_hostname=target.host)
    except OSError as error:
        plain.close()
        told = _("%(host)s 的证书或加密连接不对：%(reason)s") % {"host": target.host, "reason": error}
        raise Failed(told[:300], is_way=True) from error


@cache
def _context() -> ssl.SSLContext:
    """Reads the system's list of authorities once per process."""
    return ssl.create_default_context()


@contextmanager
def _ending(sock: socket.socket, until: float, *, close: bool = True) -> Iterator[None]:
    """Cut the connection when the time is over, however slowly the other side drips."""

    def cut() -> None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            sock.close()

    watch = threading.Timer(max(0.0, until - time.monotonic()), cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
        if close:
            sock.close()


def _exchange(sock: socket.socket, target: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
    """From the first byte on nobody knows whether it has arrived, until the other side says so."""
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = sock
    try:
        connection.request("POST", target.path, body, {"User-Agent": "Kebu", **headers})
        response = connection.getresponse()
        return Answer(response.status, response.read(MOST))
    except (OSError, http.client.HTTPException) as error:
        told = _("已经发出，没有等到答复：%(reason)s") % {"reason": error or type(error).__name__}
        raise Unclear(told[:300]) from error
