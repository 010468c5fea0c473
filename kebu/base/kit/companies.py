"""Company names: the key by which two spellings of one company meet, and what looks like a company at all."""

import re
from functools import lru_cache

from kebu.base.kit.text import fold

_KIND = re.compile(
    "公司|集团|商行|银行|工厂|医院|诊所|药房|学校|大学|学院|中学|小学|幼儿园|酒店|宾馆|饭店|餐厅|超市|商场|商店"
    "|门店|分店|总店|中心|研究院|研究所|设计院|事务所|协会|学会|商会|基金会|联合会|合作社|联社|委员会|管委会"
    "|工作室|工作站|办事处|经营部|营业部|门市部|个体户|俱乐部|加工厂|制造厂|政府|电视台|出版社|旅行社|报社"
)
_ENDING = re.compile(".{3,}[厂店行部院所局社处馆站库场]$")
_FOREIGN = re.compile(
    r"\b(?:inc|ltd|llc|llp|plc|corp|corporation|company|limited|gmbh|ag|s\.?a|s\.?r\.?l|b\.?v|pty|pte|group|co)\b\.?",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def company_key(name: str) -> str:
    """The form in which names are compared.

    Width, case, spaces, brackets and punctuation do not count, and 有限责任公司 is 有限公司;
    股份有限公司 stays another company.
    """
    folded = fold(name).casefold()
    key = "".join(filter(str.isalnum, folded))
    return key.replace("有限责任公司", "有限公司") or folded


def looks_like_company(name: str) -> bool:
    """Whether the name is one of an organisation rather than of a person."""
    folded = fold(name)
    return bool(_KIND.search(folded) or _ENDING.match(folded) or _FOREIGN.search(folded))
