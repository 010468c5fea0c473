"""What the lists hold in a new installation (X4, X11, D-decisions on GB/T 4754)."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kebu.office.vocabulary.choices import TermKind

INDUSTRY_FILE = Path(__file__).parent / "data" / "industries.csv"


@dataclass(frozen=True, slots=True)
class ShippedTerm:
    """A term every installation starts with; the office may rename, reorder or switch it off."""

    kind: TermKind
    code: str
    name: str
    aliases: tuple[str, ...]


def _term(kind: TermKind, code: str, name: str, aliases: str) -> ShippedTerm:
    return ShippedTerm(kind, code, name, tuple(aliases.split()))


STAGE, SOURCE = TermKind.STAGE, TermKind.SOURCE
SHIPPED_TERMS = (
    _term(STAGE, "first_contact", "初次接触", "初次沟通 初步接触 初步沟通 首次接触 初访 线索 建立联系"),
    _term(STAGE, "need_analysis", "需求分析", "需求确认 需求沟通 需求调研 需求了解 了解需求 需求"),
    _term(STAGE, "proposal", "方案制定", "方案 方案设计 方案沟通 方案演示 方案提交 制定方案 产品演示"),
    _term(STAGE, "quotation", "报价", "报价中 已报价 报价阶段 询价 提交报价"),
    _term(STAGE, "negotiation", "谈判", "商务谈判 谈判中 商务洽谈 价格谈判 合同谈判 谈判阶段 议价"),
    _term(STAGE, "signing", "签约意向", "意向签约 合同签订 合同审批 签约 签约中 待签约 拟签约 签合同"),
    _term(STAGE, "won", "成交", "已成交 赢单 成交签约 已签约 成交客户 合作中 完成签约"),
    _term(SOURCE, "exhibition", "展会", "展会推荐 行业展会 展会推广 展览会 展览 博览会 交易会 广交会"),
    _term(
        SOURCE,
        "referral",
        "转介绍",
        "客户转介绍 客户推荐 老客户推荐 老客户介绍 朋友介绍 熟人介绍 同行介绍 推荐 介绍 口碑",
    ),
    _term(
        SOURCE,
        "online_ads",
        "线上推广",
        "网络推广 线上广告 网络广告 搜索推广 百度推广 信息流 竞价 SEM 抖音推广",
    ),
    _term(SOURCE, "web_form", "官网表单", "官网 网站表单 网站留言 官网留言 官网注册 在线表单 公司官网"),
    _term(
        SOURCE, "cold_call", "电话陌拜", "陌拜 陌生拜访 电话营销 电话推广 电销 电话开发 陌生电话 扫街 电话"
    ),
    _term(SOURCE, "channel", "渠道合作", "渠道 代理商 经销商 渠道商 合作伙伴 渠道推荐 合作渠道 伙伴推荐"),
    _term(SOURCE, "online_event", "线上活动", "直播 网络研讨会 线上研讨会 线上会议 直播活动 webinar"),
    _term(
        SOURCE,
        "social",
        "社交媒体",
        "社交私信 微信 公众号 微信公众号 抖音 小红书 微博 视频号 朋友圈 私信 社交平台",
    ),
    _term(SOURCE, "marketplace", "电商平台", "电商 阿里巴巴 1688 淘宝 天猫 京东 拼多多 网店 电子商务平台"),
    _term(SOURCE, "online_enquiry", "线上咨询", "在线咨询 网络咨询 在线客服 网上咨询 客服咨询 咨询"),
    _term(SOURCE, "other", "其他", "其它 其他来源 其他渠道 未知 不详"),
)


@dataclass(frozen=True, slots=True)
class IndustryRow:
    """One class of an edition of GB/T 4754, keyed as in the table (letter and digits)."""

    code: str
    name: str
    level: int
    parent: str | None
    aliases: tuple[str, ...] = ()


def shipped_industries() -> Iterator[IndustryRow]:
    """The 20 门类 and 97 大类 of GB/T 4754-2017 with the everyday words people use for them."""
    with INDUSTRY_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = row["code"]
            level = 1 if len(code) == 1 else 2
            parent = code[0] if level == 2 else None
            yield IndustryRow(code, row["name"], level, parent, tuple(row["aliases"].split()))
