"""What is wrong with a number that is none, told so that it can be put right."""

import re

from django.utils.translation import gettext as _

from kebu.base.kit.text import counted


def fault_of(text: str, number: str) -> str:
    """One sentence on `number`, the part of `text` that should have been a telephone number."""
    digits = re.sub(r"[\s\-.()/+]", "", number)
    if re.fullmatch(r"\d+(?:\.\d+)?[eE]\+?\d+", number.replace(" ", "")):
        return _("号码变成了科学计数法，请把这一列设为文本格式后重填")
    if not any(character.isdigit() for character in digits):
        return _("“%(text)s”不是电话号码，请写11位手机号或带区号的固定电话") % {"text": _shorten(text)}
    stranger = next((character for character in digits if not character.isdigit()), "")
    if stranger:
        return _("号码里有“%(stranger)s”，电话只能写数字、空格和横线") % {"stranger": stranger}
    return _fault_of_digits(re.sub(r"^(?:00)?86(?=\d{5})", "", digits))


def _fault_of_digits(digits: str) -> str:
    bare = digits.removeprefix("0")
    if re.match("1[3-9]", bare):
        return _length_fault(bare, 11, mobile=True)
    if re.match("[48]00", digits):
        return _length_fault(digits, 10, mobile=False)
    if len(digits) in (7, 8):
        return _("固定电话要带区号，例如0512-%(digits)s") % {"digits": digits}
    if len(digits) == 11 and re.match("1[0-2]", digits):
        return _("没有%(head)s开头的手机号，请核对前三位") % {"head": digits[:3]}
    if digits.startswith("0"):
        return _("固定电话的区号或位数不对，应为区号加7至8位号码，例如0512-62850917")
    return _("“%(digits)s”不是电话号码，请写11位手机号、带区号的固定电话或400电话") % {
        "digits": _shorten(digits)
    }


def _length_fault(digits: str, length: int, *, mobile: bool) -> str:
    gap = length - len(digits)
    values = {"gap": counted(abs(gap)), "length": length}
    if mobile:
        return (
            _("手机号少%(gap)s位，应为%(length)s位") if gap > 0 else _("手机号多%(gap)s位，应为%(length)s位")
        ) % values
    return (
        _("400电话少%(gap)s位，应为%(length)s位") if gap > 0 else _("400电话多%(gap)s位，应为%(length)s位")
    ) % values


def _shorten(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 20 else text[:19] + "…"
