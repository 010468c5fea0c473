"""What a new installation starts with (S1-08…11)."""

from datetime import date
from typing import Any

from django.utils import timezone

from kebu.base.fields.models import touch
from kebu.crm.cadence.models import CADENCE, CadenceRule, Topic

ALWAYS = date(2000, 1, 1)
KNOW, DEEPER = "知道近况和变化，约好下一步", "弄清需求、预算、决策人有什么变化，记入客户资料"
RULES = (
    ("A", "contact", 1, "week", 1, "每周联系", "phone", KNOW),
    ("A", "deep", 1, "month", 5, "深度需求挖掘", "visit", DEEPER),
    ("B", "contact", 2, "week", 2, "每两周联系", "email", KNOW),
    ("B", "deep", 3, "month", 10, "需求回访", "phone", DEEPER),
    ("C", "contact", 1, "month", 5, "轻量互动", "wechat", "发一条对客户有用的资讯，有回应再深入"),
    ("C", "deep", 6, "month", 20, "激活沟通", "phone", "弄清还有没有需求，值不值得升级"),
)
TOPICS = {
    "awareness": ["产品核心优势案例", "行业解决方案白皮书"],
    "consideration": ["产品试用", "针对性方案演示"],
    "decision": ["合作细节答疑", "成功客户见证"],
    "repurchase": ["增值服务推荐", "使用反馈收集"],
}


def ship_cadence(rules: Any = CadenceRule, topics: Any = Topic, *, is_touched: bool = True) -> None:
    """Add the shipped rules and topics that are missing; the migration passes its own models."""
    now = timezone.now()
    told = {"created_at": now, "updated_at": now}
    for grade, rhythm, every, unit, slack, name, method, expected in RULES:
        facts = {
            "every": every, "unit": unit, "slack_days": slack, "name": name, "method": method,
            "expected": expected, **told,
        }  # fmt: skip
        rules.objects.get_or_create(grade=grade, rhythm=rhythm, valid_from=ALWAYS, defaults=facts)
    for stage, words in TOPICS.items():
        topics.objects.get_or_create(need_stage=stage, defaults={"topics": words, **told})
    if is_touched:
        touch(CADENCE)
