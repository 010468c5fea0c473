"""What a sentence says of the budget: 预算20到30万, 控制在50万以内, 从50万加到80万."""

import re

from kebu.base.kit.errors import Unreadable
from kebu.base.kit.money import AmountRange, parse_amount_range

_N = r"(?:\d+(?:\.\d+)?|[零一二两三四五六七八九十百千]+)"
_UNIT = r"(?:[十百千]万|千?亿|万|亿|[wW](?![a-zA-Z])|[kK](?![a-zA-Z])|千(?![克米瓦])|百(?!分))"
_TAIL = r"(?:[多来余])?(?:块钱|元|块)?"
AMOUNT = re.compile(
    rf"(?P<most>不超过|不高于|最多|至多|顶多|不到|不足|低于|控制在)?(?P<least>不低于|不少于|至少|最少|起码|超过|高于)?"
    rf"(?:大概|大约|差不多|约|也就|就|在|是|有)*"
    rf"(?:(?P<low>{_N})(?P<low_unit>{_UNIT})?{_TAIL}(?:-+|~|～|—+|–|到|至)(?P<high>{_N})(?P<high_unit>{_UNIT}|元){_TAIL}"
    rf"|(?P<pair>[一二三四五六七八九]{{2}})(?P<ten>十)?(?P<pair_unit>百?万|亿|千)"
    rf"|(?P<teen>十|\d0)几(?P<teen_unit>万)"
    rf"|(?P<some>{_N})[多来余](?P<some_unit>万|亿)"
    rf"|(?P<one>{_N})(?P<one_unit>{_UNIT}|元|块钱|块){_TAIL})"
    r"(?P<at_most>以内|以下|之内|封顶|内(?!部))?(?P<at_least>以上|起步|起(?!来))?"
)
BUDGET = re.compile(
    r"预算价?|经费|费用控制|控制在|心理价位|价位|愿意出|能出|可以出|打算投|计划投|准备投|打算花|准备花|能接受|拿出|批了|资金|盘子|额度"
    r"|投资额?|投入"
)
OTHER = re.compile(
    r"报价|报了|单价|合同|订单|定金|订金|付了?|打了?款|回款|尾款|货款|欠款?|优惠|便宜|打折|降|罚|利润|销量|年产|产能|营收|营业额|库存"
    r"|产值|注册资本|返点|运费|押金|成交|签了?|卖|对手|竞品|别家|友商|别人|同行|[^总]价(?!位)|工资|贵了?|差了?|借|保证金|首付|预付|到账|对账"
)
NONE = re.compile(
    r"(?:没|没有|无|还没|不说|没说|没定|未定)(?:有|什么|明确|给)?的?预算|预算(?:还)?(?:没|未|待|不(?![超高到足多少低]))"
)


def budget_in(text: str) -> tuple[AmountRange | None, int, int]:
    """The budget with the place it is told at; None where none is told."""
    if NONE.search(text):
        return None, 0, 0
    best: tuple[int, AmountRange, int, int] | None = None
    for match in AMOUNT.finditer(text):
        weight = _weight(text, match)
        amount = _amount(match) if weight else None
        if amount is not None and (best is None or weight > best[0] or (weight == best[0] == 4)):
            best = weight, amount, match.start(), match.end()
    return (best[1], best[2], best[3]) if best else (None, 0, 0)


def _weight(text: str, match: re.Match[str]) -> int:
    """How surely the amount is the budget: named so, moved to, bare, or something else (0)."""
    clause = re.split(r"[，,。；;！!？?\s]", text[: match.start()])[-1]
    if re.search(
        r"(?:降|减|砍|压|调|涨|加|增|提|追加|增加|提高|升)[高低少整]?[到至成]了?$", text[: match.start()]
    ) and BUDGET.search(text):
        return 4
    cue = max((one.end() for one in BUDGET.finditer(clause + match[0][:3])), default=-1)
    other = max((one.end() for one in OTHER.finditer(clause)), default=-1)
    if cue >= 0 and cue >= other:
        return 3
    if other >= 0 or re.match(
        r"的?(?:合同|订单|定金|订金|货款|尾款|库存|货|单子|欠款)|[套台件个吨人支条]", text[match.end() :]
    ):
        return 0
    is_money = match["one_unit"] not in ("百", "千")
    return 1 if is_money and match["one_unit"] not in ("元", "块") else 0


def _amount(match: re.Match[str]) -> AmountRange | None:
    most = bool(match["at_most"]) or match["most"] in (
        "不超过",
        "不高于",
        "最多",
        "至多",
        "顶多",
        "不到",
        "不足",
        "低于",
    )
    least = bool(match["at_least"] or match["least"])
    if match["pair"]:
        zero, unit = ("0" if match["ten"] else ""), match["pair_unit"]
        first, second = ("一二三四五六七八九".index(sign) + 1 for sign in match["pair"])
        written = f"{first}{zero}{unit}-{second}{zero}{unit}"
    elif match["teen"]:
        ten = 10 if match["teen"] == "十" else int(match["teen"])
        written = f"{ten}{match['teen_unit']}-{ten + 9}{match['teen_unit']}"
    elif match["some"]:
        written = f"{match['some']}{match['some_unit']}"
    elif match["low"]:
        low_unit = match["low_unit"] or match["high_unit"]
        written = f"{match['low']}{low_unit}-{match['high']}{match['high_unit']}"
    else:
        unit = match["one_unit"].replace("块钱", "元").replace("块", "元")
        unit = "00" if unit == "百" and match["one"].isdigit() else unit
        written = f"{match['one']}{unit}" + ("以内" if most else "以上" if least else "")
    try:
        return parse_amount_range(written.lower())
    except Unreadable:
        return None
