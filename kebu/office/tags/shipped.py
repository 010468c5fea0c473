"""The tags an installation starts with: those the requirements name, made exclusive and complete."""

from dataclasses import dataclass

from kebu.office.tags.choices import Colour, Dimension

GREY, BLUE, CYAN = Colour.GREY, Colour.BLUE, Colour.CYAN
GREEN, AMBER, RED, PURPLE = Colour.GREEN, Colour.AMBER, Colour.RED, Colour.PURPLE


@dataclass(frozen=True, slots=True)
class ShippedTag:
    """A tag to start with; the office may rename, reorder, retire it."""

    code: str
    name: str
    help: str
    colour: Colour = GREY
    aliases: str = ""


@dataclass(frozen=True, slots=True)
class ShippedGroup:
    """A group to start with."""

    code: str
    name: str
    dimension: Dimension
    help: str
    tags: tuple[ShippedTag, ...]
    is_exclusive: bool = True
    is_open: bool = False


T = ShippedTag
SHIPPED = (
    ShippedGroup(
        "trade",
        "行业细分",
        Dimension.BASIC,
        "比所属行业更贴近自家业务的分法，一个客户只归一类",
        (
            T("electronics", "制造业-电子", "生产电子元器件、整机的厂家", BLUE, "电子制造 电子制造业"),
            T("machinery", "制造业-机械", "生产机械设备、零部件的厂家", BLUE, "机械制造 机械制造业"),
            T("retail", "服务业-零售", "门店、连锁、电商卖货", CYAN, "零售 零售业"),
            T("other_services", "服务业-其他", "零售以外的服务业", CYAN),
            T("other_trade", "其他行业", "以上都不是"),
        ),
    ),
    ShippedGroup(
        "area",
        "销售区域",
        Dimension.BASIC,
        "按自家的销售片区分，一个客户只归一个片区",
        (
            T("shanghai", "华东-上海", "上海市", GREEN),
            T("east", "华东-其他", "江苏、浙江、安徽、福建、江西、山东", GREEN),
            T("guangzhou", "华南-广州", "广州市", GREEN),
            T("south", "华南-其他", "广东其他城市、广西、海南", GREEN),
            T("other_area", "其他区域", "华东、华南以外"),
        ),
    ),
    ShippedGroup(
        "size",
        "企业规模",
        Dimension.BASIC,
        "按员工人数，前后相接，一个客户只归一档",
        (
            T("lt50", "50人以下", "不到50人"),
            T("from50", "50-100人", "50人到99人"),
            T("from100", "100-500人", "100人到499人"),
            T("from500", "500-1000人", "500人到999人"),
            T("gte1000", "1000人以上", "1000人起"),
        ),
    ),
    ShippedGroup(
        "activity",
        "活跃度",
        Dimension.BEHAVIOUR,
        "看来往多勤，一个客户只有一种",
        (
            T("lively", "高活跃", "每周都有互动", GREEN, "高活跃-周互动 周互动"),
            T("slow", "低活跃", "每月至少互动一次，但不是每周", AMBER, "低活跃-月互动 月互动"),
            T("asleep", "沉睡", "超过一个月没有互动", GREY, "不活跃"),
        ),
    ),
    ShippedGroup(
        "need",
        "需求倾向",
        Dimension.BEHAVIOUR,
        "客户要什么，可以有几种",
        (
            T("buying", "采购型-设备", "要买设备、产品", PURPLE, "采购型"),
            T("consulting", "咨询型-方案", "要方案、要建议", PURPLE, "咨询型"),
        ),
        is_exclusive=False,
    ),
    ShippedGroup(
        "channel",
        "接触渠道",
        Dimension.BEHAVIOUR,
        "通过哪些渠道打过交道，可以有几种；第一次怎么来的记在客户来源里",
        (
            T("exhibition", "展会推广", "在展会上谈过"),
            T("web_form", "官网表单", "在官网留过言"),
            T("referral", "转介绍", "别人介绍过来"),
        ),
        is_exclusive=False,
    ),
    ShippedGroup(
        "tier",
        "消费等级",
        Dimension.VALUE,
        "按一年的消费额，前后相接，一个客户只归一等",
        (
            T("vip", "VIP", "一年消费10万元以上", RED, "VIP-年消费10万+ VIP客户"),
            T("middle", "中等", "一年消费1万到10万元", AMBER),
            T("ordinary", "普通", "一年消费不到1万元", GREY, "普通-年消费1万以下"),
        ),
    ),
    ShippedGroup(
        "potential",
        "合作潜力",
        Dimension.VALUE,
        "值不值得现在多花时间，一个客户只有一种",
        (
            T("focus", "重点跟进", "预算明确，近期可能成交", RED, "重点跟进-预算明确"),
            T("watch", "观望", "需求模糊，保持联系", GREY, "观望-需求模糊"),
        ),
    ),
    ShippedGroup(
        "common",
        "常用标签",
        Dimension.OWN,
        "日常随手打的标签，谁都可以添加；不要写客户的隐私",
        (
            T("key", "重点客户", "要优先保障的客户", RED),
            T("price", "价格敏感", "报价时先看价格", AMBER),
            T("revise", "需跟进方案优化", "方案要按客户意见改", BLUE),
        ),
        is_exclusive=False,
        is_open=True,
    ),
)
