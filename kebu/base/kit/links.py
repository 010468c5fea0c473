"""Web addresses of companies."""

import re
from urllib.parse import urlsplit, urlunsplit

from django.utils.translation import gettext as _

from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import fold

_HOST = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9\u00a1-\uffff](?:[a-z0-9\u00a1-\uffff-]{0,61}[a-z0-9\u00a1-\uffff])?\.)+[a-z\u00a1-\uffff][a-z0-9\u00a1-\uffff-]{1,62}",
)
_SCHEME = re.compile("[a-z][a-z0-9+.-]*:(?!\\d)", re.IGNORECASE)


def parse_link(text: str) -> str:
    """An http or https address, https:// put before it when missing; host in lower case."""
    plain = written = fold(text).replace("。", ".")
    if not _SCHEME.match(plain):
        plain = "https://" + plain.lstrip("/")
    try:
        parts = urlsplit(plain)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as fault:
        raise _refusal(written) from fault
    if parts.scheme not in ("http", "https"):
        raise Unreadable(_("网址只能以http://或https://开头，请改正"))
    if parts.username is not None or re.search(r"\s", plain) or not _HOST.fullmatch(host):
        raise _refusal(written)
    netloc = f"{host}:{port}" if port else host
    path = "" if parts.path == "/" and not parts.query else parts.path
    return urlunsplit((parts.scheme, netloc, path, parts.query, parts.fragment))


def _refusal(text: str) -> Unreadable:
    return Unreadable(_("“%(text)s”不是网址，请写成www.example.com这样") % {"text": text[:60]})
