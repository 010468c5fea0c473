"""E-mail addresses, links and credit codes."""

import pytest

from kebu.base.kit.credit_code import parse_credit_code
from kebu.base.kit.emails import parse_email
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.links import parse_link


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" Zhang.San@Example.COM ", "Zhang.San@example.com"),
        ("ａ＠ｂ.cn", "a@b.cn"),
        ("mailto:x@y.cn", "x@y.cn"),
        ("<x@y.cn>", "x@y.cn"),
    ],
)
def test_emails(written: str, kept: str) -> None:
    assert parse_email(written) == kept


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("abc", "缺少@"),
        ("a@b", "域名不完整"),
        ("a@b.cn;c@d.cn", "一格只写一个邮箱"),
        ("a@@b.cn", "只有一个@"),
        ("a..b@c.cn", "不是邮箱地址"),
    ],
)
def test_email_faults(written: str, fault: str) -> None:
    with pytest.raises(Unreadable, match=fault):
        parse_email(written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("www.Example.com", "https://www.example.com"),
        ("http://a.cn/x?y=1", "http://a.cn/x?y=1"),
        ("https://a.cn/", "https://a.cn"),
        ("example.com:8080/a", "https://example.com:8080/a"),
        ("中国银行.cn", "https://中国银行.cn"),
    ],
)
def test_links(written: str, kept: str) -> None:
    assert parse_link(written) == kept
    assert parse_link(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.cn",
        "abc",
        "a b.cn",
        "http://user:pw@a.cn",
        "http://[::1",
    ],
)
def test_only_plain_web_addresses_are_links(written: str) -> None:
    with pytest.raises(Unreadable):
        parse_link(written)


def test_credit_codes() -> None:
    assert parse_credit_code(" 9111 0000 6000 3734 1l ") == "91110000600037341L"


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("91110000600037341", "少一位，应为18位"),
        ("911100006000373411L", "多一位，应为18位"),
        ("9111000060003734IL", "没有字母I、O、S、V、Z"),
        ("A1110000600037341L", "前8位是数字"),
        ("91110000600037342L", "校验码不对"),
    ],
)
def test_credit_code_faults(written: str, fault: str) -> None:
    with pytest.raises(Unreadable, match=fault):
        parse_credit_code(written)
