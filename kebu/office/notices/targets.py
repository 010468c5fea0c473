"""Where our messages may go: which addresses are outside, and which hosts of the own network are allowed."""

import ipaddress
import re
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from kebu.office.notices.outcomes import Failed

PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.ASCII)
EMBEDDING = ipaddress.ip_network("64:ff9b::/96")  # IPv4 behind NAT64
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """An address to call, taken apart."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_opted(self) -> bool:
        """The administrator has named this host of the own network, or this port of it."""
        named = settings.KEBU_LAN_HOSTS
        usual = self.port == PORTS[self.scheme]
        return f"{self.host}:{self.port}" in named or (usual and self.host in named)


def read(url: str) -> Target:
    """Take an address apart; Failed says what is wrong with it."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").encode("idna").decode().rstrip("."), parts.port
    except ValueError as error:
        raise Failed(_("地址写得不对：要以 https:// 开头，写全"), is_final=True) from error
    is_literal = ":" in host
    if parts.scheme not in PORTS or not (is_literal or HOST.fullmatch(host)) or "@" in parts.netloc:
        raise Failed(_("地址写得不对：要以 https:// 开头，写全"), is_final=True)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or any(sign <= " " or sign == "\x7f" for sign in path):
        raise Failed(_("地址里有空格或汉字，请从对方页面整条复制"), is_final=True)
    target = Target(parts.scheme, host, port or PORTS[parts.scheme], path)
    if target.port != PORTS[target.scheme] and not target.is_opted:
        raise Failed(_("只能发到 80 和 443 端口；别的端口要管理员写进 KEBU_LAN_HOSTS"), is_final=True)
    if (found := _literal(host)) is not None:
        check([found], target)
    return target


def resolve(target: Target, seconds: float) -> list[str]:
    """The addresses of the host, every one of which is allowed; Failed says why not."""
    found: list[str] = []
    asking = threading.Thread(target=_ask, args=(target, found), daemon=True)  # it cannot be told to hurry
    asking.start()
    asking.join(seconds)
    if not found:
        raise Failed(_("找不到 %(host)s 这个域名，或者查得太慢") % {"host": target.host}, is_way=True)
    check([ipaddress.ip_address(text.partition("%")[0]) for text in found], target)
    return found


def _ask(target: Target, found: list[str]) -> None:
    with suppress(OSError):
        answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))


def check(addresses: list[Address], target: Target) -> None:
    """Refuse addresses that are not on the internet, unless the administrator has named the host."""
    if target.is_opted or all(map(_is_outside, addresses)):
        return
    told = _("%(host)s 在内网里；要发到那里，请管理员把它写进 KEBU_LAN_HOSTS")
    raise Failed(told % {"host": target.host}, is_final=True)


def _is_outside(address: Address) -> bool:
    """On the internet, also looking through the ways of writing an IPv4 address as IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in EMBEDDING:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_outside(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
