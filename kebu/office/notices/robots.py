"""The robots of 钉钉, 飞书 and 企业微信 and the webhook: how each is spoken to, and what it answers.

Each signs as its vendor's documentation says: 钉钉 in the address, 飞书 in the body, 企业微信 by the key in
its address alone; the webhook by headers that its receiver can check.
"""

import base64
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from kebu.office.notices.calls import Answer
from kebu.office.notices.choices import Way
from kebu.office.notices.letters import Letter
from kebu.office.notices.outcomes import Arrived, Failed, Outcome, Unclear

# Where the vendors are; their software on own servers is named by KEBU_LAN_HOSTS.
VENDORS = {
    Way.DINGTALK: ("oapi.dingtalk.com",),
    Way.FEISHU: ("open.feishu.cn", "open.larksuite.com"),
    Way.WECOM: ("qyapi.weixin.qq.com",),
}
WECOM_BYTES = 4_096
LATER = (408, 429, 503)  # «come again», and nothing was done
PLAIN = str.maketrans("[]<>*`", "［］＜＞＊｀")


@dataclass(frozen=True, slots=True)
class Call:
    """What is to be posted where."""

    url: str
    body: bytes
    headers: dict[str, str]


def call_for(way: str, address: str, secret: str, letters: Sequence[Letter], *, now: float) -> Call:
    """The call that brings these letters; ``now`` in seconds since 1970, for the signature."""
    return FORMS[Way(way)](address, secret, letters, now)


def _markdown(letters: Sequence[Letter]) -> str:
    """Several letters as one text; what people typed cannot become a link or a heading."""
    return "\n\n".join("\n\n".join(_lines(letter)) for letter in letters)


def _lines(letter: Letter) -> list[str]:
    told = [f"**{letter.headline.translate(PLAIN)}**"]
    if letter.text:
        told.append(letter.text.translate(PLAIN).replace("\n", "\n\n"))
    if letter.link:
        told.append(f"[{_('打开')}]({letter.link})")
    return told


def _heading(letters: Sequence[Letter]) -> str:
    """The line shown in the list of chats; it holds 客簿, which may be the robot's keyword."""
    if len(letters) == 1:
        return _("客簿：%(title)s") % {"title": letters[0].headline[:60].translate(PLAIN)}
    return _("客簿：%(count)d条通知") % {"count": len(letters)}


def _json(url: str, content: dict[str, Any], headers: dict[str, str] | None = None) -> Call:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Call(url, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


def _dingtalk(address: str, secret: str, letters: Sequence[Letter], now: float) -> Call:
    if secret:
        moment = str(round(now * 1_000))
        sign = _signed(secret.encode(), f"{moment}\n{secret}".encode())
        parts = urlsplit(address)
        query = "&".join(
            part for part in (parts.query, f"timestamp={moment}&sign={quote_plus(sign)}") if part
        )
        address = urlunsplit(parts._replace(query=query))
    heading = _heading(letters)
    text = (
        f"#### {heading}\n\n{_markdown(letters)}"
        if len(letters) > 1
        else f"{_('客簿')}\n\n{_markdown(letters)}"
    )
    return _json(address, {"msgtype": "markdown", "markdown": {"title": heading, "text": text}})


def _feishu(address: str, secret: str, letters: Sequence[Letter], now: float) -> Call:
    lines: list[list[dict[str, str]]] = []
    for letter in letters:
        lines.append([{"tag": "text", "text": letter.headline}])
        lines += [[{"tag": "text", "text": line}] for line in letter.text.splitlines() if line]
        if letter.link:
            lines.append([{"tag": "a", "text": _("打开"), "href": letter.link}])
    post = {"zh_cn": {"title": _("客簿") if len(letters) == 1 else _heading(letters), "content": lines}}
    content: dict[str, Any] = {"msg_type": "post", "content": {"post": post}}
    if secret:
        moment = str(int(now))
        content = {"timestamp": moment, "sign": _signed(f"{moment}\n{secret}".encode(), b""), **content}
    return _json(address, content)


def _wecom(address: str, _secret: str, letters: Sequence[Letter], _now: float) -> Call:
    content = f"{_heading(letters)}\n\n{_markdown(letters)}" if len(letters) > 1 else _markdown(letters)
    cut = content.encode()[:WECOM_BYTES].decode(errors="ignore")
    return _json(address, {"msgtype": "markdown", "markdown": {"content": cut}})


def _webhook(address: str, secret: str, letters: Sequence[Letter], now: float) -> Call:
    (letter,) = letters
    moment = str(int(now))
    plain = _json(address, letter.told())
    sign = hmac.new(secret.encode(), f"{moment}.".encode() + plain.body, sha256).hexdigest()
    headers = {"X-Kebu-Id": letter.id, "X-Kebu-Timestamp": moment, "X-Kebu-Signature": f"sha256={sign}"}
    return Call(address, plain.body, {**plain.headers, **headers})


FORMS: dict[Way, Callable[[str, str, Sequence[Letter], float], Call]] = {
    Way.DINGTALK: _dingtalk,
    Way.FEISHU: _feishu,
    Way.WECOM: _wecom,
    Way.WEBHOOK: _webhook,
}


def _signed(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, sha256).digest()).decode()


def read(way: str, answer: Answer) -> Outcome:
    """What the answer means; robots say in the body whether they have taken it, also under 200."""
    status = answer.status
    if 200 <= status < 300:
        return Arrived(str(status)) if way == Way.WEBHOOK else _of_robot(answer)
    told = _("对方答复 HTTP %(status)d") % {"status": status}
    if status in LATER:
        return Failed(told, is_way=True)
    if 300 <= status < 400:
        return Failed(_("%(told)s，要转到别的地址；请填最后的地址") % {"told": told}, is_final=True)
    if 400 <= status < 500:
        return Failed(told, is_final=True)
    return Unclear(told)


def _of_robot(answer: Answer) -> Outcome:
    try:
        said = json.loads(answer.body)
        code = next(said[name] for name in ("errcode", "code", "StatusCode") if name in said)
    except (ValueError, TypeError, StopIteration):
        return Unclear(_("答复看不懂，不知道收到没有：%(body)s") % {"body": _excerpt(answer.body)})
    if code == 0:
        return Arrived("0")
    words = said.get("errmsg") or said.get("msg") or said.get("StatusMessage") or ""
    return Failed(_("对方没有收：%(code)s %(words)s") % {"code": code, "words": str(words)[:200]})


def _excerpt(body: bytes) -> str:
    return " ".join(body[:120].decode(errors="replace").split())
