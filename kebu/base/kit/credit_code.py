"""统一社会信用代码: 18 characters of which the last one checks the others (GB 32100)."""

from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength

from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import counted, fold


def parse_credit_code(text: str) -> str:
    """The code in capitals without spaces; refused when its length, letters or check digit are wrong."""
    plain = "".join(fold(text).upper().replace("-", "").split())
    try:
        return str(uscc.validate(plain))
    except InvalidLength as fault:
        gap = 18 - len(plain)
        message = (
            _("统一社会信用代码少%(gap)s位，应为18位")
            if gap > 0
            else _("统一社会信用代码多%(gap)s位，应为18位")
        )
        raise Unreadable(message % {"gap": counted(abs(gap))}) from fault
    except InvalidFormat as fault:
        raise Unreadable(_format_fault(plain)) from fault
    except InvalidChecksum as fault:
        raise Unreadable(_("统一社会信用代码的校验码不对，请对照营业执照核对")) from fault


def _format_fault(plain: str) -> str:
    if any(letter in plain for letter in "IOSVZ"):
        return _("统一社会信用代码里没有字母I、O、S、V、Z，多半是数字1、0、5、2，请对照营业执照核对")
    return _("统一社会信用代码前8位是数字，其余是数字和大写字母，请对照营业执照核对")
