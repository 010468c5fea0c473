"""What plainly is no name although it stands in the column of names: a phone, a day, an address of mail."""

import re

from django.utils.translation import gettext as _

from kebu.base.kit.errors import Unreadable

PHONE = re.compile(r"[+＋]?[\d\s().（）/-]+")
DAY = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}(\s*[-/.月]\s*\d{1,2}\s*[日号]?)?(\s+\d{1,2}:\d{2}.*)?")
MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
LEAST_DIGITS = 7


def check_name(text: str) -> None:
    """Refuse what is no name, with what to do."""
    plain = text.strip()
    found = ""
    if DAY.fullmatch(plain):
        found = _("日期")
    elif MAIL.fullmatch(plain):
        found = _("邮箱")
    elif PHONE.fullmatch(plain) and sum(mark.isdigit() for mark in plain) >= LEAST_DIGITS:
        found = _("号码")
    if found:
        told = {"text": plain[:30], "kind": found}
        raise Unreadable(
            _("“%(text)s”是%(kind)s，不是名称，请写公司名或人名；整列都这样就改上面的列对应") % told
        )
