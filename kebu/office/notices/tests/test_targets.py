"""Where messages may go: nowhere in the own network unless the administrator has named the host."""

import socket
import time
from typing import Any

import pytest

from kebu.office.notices import calls, targets
from kebu.office.notices.outcomes import Failed, Unclear
from kebu.office.notices.tests.outside import Receiver

INSIDE = [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://0.0.0.0/",
    "http://10.1.2.3/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/",
    "http://100.64.0.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fd00::1]/",
    "http://2130706433/",
    "http://0x7f.1/",
]


@pytest.mark.parametrize("url", INSIDE)
def test_the_own_network_is_out_of_reach(url: str) -> None:
    with pytest.raises(Failed) as refusal:
        targets.resolve(targets.read(url), 5)
    assert refusal.value.is_final or refusal.value.is_way


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "javascript:alert(1)",
        "//example.com/",
        "https://user:word@example.com/",
        "https://example.com:8443/",
        "https://exa mple.com/",
        "https://example.com/a b",
        "https://example.com/\r\nHost: x",
        "https://-/",
        "https://",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Failed) as refusal:
        targets.read(url)
    assert refusal.value.is_final


def test_every_address_of_a_name_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that lies inside spoils the name; what was looked at is what is connected to."""
    answers: list[Any] = [(2, 1, 6, "", (host, 80)) for host in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: answers)
    with pytest.raises(Failed):
        targets.resolve(targets.read("http://two-faced.example/"), 5)
    del answers[1]
    assert targets.resolve(targets.read("http://two-faced.example/"), 5) == ["93.184.216.34"]


def test_a_host_of_the_own_network_is_named_with_its_port(settings: Any) -> None:
    settings.KEBU_LAN_HOSTS = {"10.0.0.5:8080", "bot.lan"}
    assert targets.resolve(targets.read("http://10.0.0.5:8080/x"), 5) == ["10.0.0.5"]
    assert targets.read("https://bot.lan/x").is_opted
    for other in ("http://10.0.0.5/", "http://10.0.0.5:22/", "http://bot.lan:8080/"):
        with pytest.raises(Failed):
            targets.resolve(targets.read(other), 5)


def test_an_answer_that_drips_or_never_ends(settings: Any) -> None:
    """The time is for the whole call, and of the answer no more is read than a megabyte."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"127.0.0.1:{server.getsockname()[1]}"
        settings.KEBU_LAN_HOSTS = {host}
        began = time.monotonic()
        with pytest.raises(Unclear):
            calls.post(
                f"http://{host}/", b"{}", {}, seconds=0.3
            )  # it is taken by the queue and never answered
        assert time.monotonic() - began < 3
    with Receiver(reply=lambda number: (200, b"x" * 3_000_000)) as receiver:
        settings.KEBU_LAN_HOSTS = {receiver.host}
        assert len(calls.post(receiver.address, b"{}", {}).body) == calls.MOST
