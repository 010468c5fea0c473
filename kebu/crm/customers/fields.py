"""The customer's fields, in form order: the one list that every door reads."""

from functools import cache

from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import FieldRule
from kebu.base.fields import days, formats
from kebu.base.fields.choices import Level, Sensitivity
from kebu.base.fields.fieldsets import Field, FieldSet, words
from kebu.base.fields.kinds import Choice, LongText, MultiChoice, Text
from kebu.base.kit import sizes
from kebu.crm.customers import choices
from kebu.crm.customers.kinds import Assigned, LastContact, MacroRegion, Planned, Score, SizeBand, Tags
from kebu.crm.customers.models import Customer
from kebu.office.staff.fields import UserKind
from kebu.office.vocabulary.choices import TermKind
from kebu.office.vocabulary.fields import IndustryField, TermField

BASIC, COMPANY, PERSON = _("基本信息"), _("企业信息"), _("个人信息")
NEED, FOLLOW_UP = _("需求"), _("跟进")
WANTED, REQUIRED = Level.WANTED, Level.REQUIRED
CONTACT, PERSONAL = Sensitivity.CONTACT, Sensitivity.PERSONAL
OPEN, SHOWN = FieldRule.VISIBLE, FieldRule.READ_ONLY  # nobody can work without these
TYPE_ALIASES = {
    "潜在": "potential", "潜客": "potential", "意向": "prospect",
    "成交": "won", "已合作": "won", "流失": "lost",
}  # fmt: skip
GRADE_ALIASES = {
    "A类": "A",
    "B类": "B",
    "C类": "C",
    "A级(高意向)": "A",
    "B级(中等意向)": "B",
    "C级(低意向/潜客)": "C",
}
TIER_ALIASES = {
    "高": "vip", "高价值": "vip", "高价值客户": "vip", "VIP客户": "vip",
    "中": "middle", "中价值": "middle", "中价值客户": "middle",
    "低": "ordinary", "低价值": "ordinary", "普通客户": "ordinary", "潜力客户": "promise",
}  # fmt: skip
NEED_ALIASES = {"采购": "purchase", "合作": "service", "采购型": "purchase", "咨询型": "consulting"}

CUSTOMER_FIELDS = FieldSet(
    Customer,
    "customer",
    [
        Field(
            "number",
            Text(16),
            section=BASIC,
            is_editable=False,
            sort="id",
            synonyms=words("编号 序列号"),
            strictest=OPEN,
        ),
        Field(
            "kind",
            Choice(choices.CustomerKind, {"公司": "company", "单位": "company", "自然人": "person"}),
            section=BASIC,
            synonyms=words("客户种类"),
            strictest=OPEN,
        ),
        Field(
            "name",
            Text(120),
            section=BASIC,
            level=REQUIRED,
            sort="name_pinyin",
            example="苏州澄岳精密制造有限公司",
            synonyms=words(
                "客户公司名称 公司名称 单位名称 企业名称 公司 单位 客户 客户全称 公司全称 名称 客户姓名 "
                "企业全称"
            ),
            strictest=OPEN,
        ),
        Field(
            "customer_type",
            Choice(choices.CustomerType, TYPE_ALIASES),
            section=BASIC,
            is_filter=True,
            sort="customer_type",
            synonyms=words("类型 客户状态 状态"),
            example="意向客户",
            strictest=SHOWN,
        ),
        Field(
            "grade",
            Choice(choices.Grade, GRADE_ALIASES),
            section=BASIC,
            is_filter=True,
            sort="grade",
            synonyms=words("分级 级别 客户级别 等级"),
            example="A级",
            strictest=SHOWN,
        ),
        Field(
            "tags",
            Tags(),
            label="标签",
            help="看清含义再打，互斥的一组只能有一个；不写客户的隐私",
            section=BASIC,
            columns=("tag_ids",),
            is_filter=True,
            synonyms=words("客户标签 标签名称"),
            example="重点客户、价格敏感",
        ),
        Field(
            "phone",
            formats.Phone(),
            section=BASIC,
            level=WANTED,
            sensitivity=CONTACT,
            purpose="打电话、发短信联系",
            example="138 0013 8000",
            synonyms=words(
                "联系方式 联系电话 手机 手机号 手机号码 手机/座机 座机 固定电话 电话号码 公司电话 联系人电话"
            ),
        ),
        Field(
            "email",
            formats.Email(),
            section=BASIC,
            sensitivity=CONTACT,
            purpose="发邮件、寄送资料",
            synonyms=words("邮件 电子邮件 电子邮箱 email e-mail mail"),
            example="zhou@example.com",
        ),
        Field(
            "wechat",
            Text(60),
            section=BASIC,
            sensitivity=CONTACT,
            purpose="微信联系",
            synonyms=words("微信号"),
        ),
        Field(
            "region",
            formats.Region(),
            section=BASIC,
            is_filter=True,
            sort="region",
            synonyms=words("省市 地域 区域 所在地 所在地区 城市 省-市 省份城市"),
            example="江苏省-苏州市",
        ),
        Field(
            "macro_region",
            MacroRegion(),
            attribute="region",
            label="大区",
            help="由地区的省份得出",
            section=BASIC,
            is_editable=False,
            is_filter=True,
        ),
        Field(
            "address",
            Text(200),
            section=BASIC,
            synonyms=words("详细地址 联系地址 公司地址 通讯地址"),
            example="苏州市吴中区临湖路118号",
        ),
        Field(
            "source",
            TermField(TermKind.SOURCE),
            section=BASIC,
            level=WANTED,
            is_filter=True,
            sort="source_id",
            synonyms=words("来源 渠道 来源渠道 客户渠道"),
            example="展会",
        ),
        Field(
            "source_detail",
            Text(120),
            section=BASIC,
            synonyms=words("来源备注 来源详情"),
            example="2026年春季行业展会",
        ),
        Field(
            "first_contact_on",
            days.Day(),
            section=BASIC,
            level=WANTED,
            is_filter=True,
            sort="first_contact_on",
            synonyms=words(
                "首次接触日期 首次接触 首次联系时间 首次联系日期 接触时间 注册日期 登记日期 登记时间 日期"
            ),
            example="2026-03-05",
        ),
        Field(
            "owner",
            UserKind(),
            section=BASIC,
            is_filter=True,
            sort="owner_id",
            synonyms=words("跟进人 业务员 销售 销售人员 销售代表 客户经理"),
            example="周慕白",
            strictest=OPEN,
        ),
        Field("remark", LongText(), section=BASIC, synonyms=words("说明 其他 备注信息")),
        Field(
            "industry",
            IndustryField(),
            section=COMPANY,
            only="company",
            level=WANTED,
            is_filter=True,
            sort="industry_id",
            synonyms=words("行业 行业类别 行业分类 主营行业"),
            example="通用设备制造业",
        ),
        Field(
            "headcount",
            SizeBand(choices.Headcount, sizes.parse_headcount),
            section=COMPANY,
            only="company",
            level=WANTED,
            is_filter=True,
            synonyms=words("人数 公司人数 人员规模"),
            example="100-500人",
        ),
        Field(
            "revenue",
            SizeBand(choices.Revenue, sizes.parse_revenue),
            section=COMPANY,
            only="company",
            is_filter=True,
            synonyms=words("营收 年收入 年销售额 营业额"),
            example="2000万-1亿",
        ),
        Field(
            "main_business",
            Text(200),
            section=COMPANY,
            only="company",
            synonyms=words("主营 经营范围 主要产品"),
            example="减速机壳体、丝杠加工",
        ),
        Field(
            "development_stage",
            Choice(choices.DevelopmentStage, {"初创期": "startup", "成长期": "growth", "成熟期": "mature"}),
            section=COMPANY,
            only="company",
        ),
        Field(
            "credit_code",
            formats.CreditCode(18),
            section=COMPANY,
            only="company",
            synonyms=words("信用代码 税号 纳税人识别号"),
        ),
        Field(
            "website",
            formats.Link(),
            section=COMPANY,
            only="company",
            synonyms=words("网址 网站 客户官网 公司网站"),
        ),
        Field(
            "gender",
            Choice(choices.Gender),
            section=PERSON,
            only="person",
            sensitivity=PERSONAL,
            purpose="称呼得体",
        ),
        Field(
            "birthday",
            days.BirthdayKind(),
            section=PERSON,
            only="person",
            sensitivity=PERSONAL,
            purpose="生日祝福",
            synonyms=words("出生日期"),
            example="农历八月十五",
        ),
        Field(
            "company_name",
            Text(120),
            section=PERSON,
            only="person",
            purpose="知道他在哪里工作",
            label="所在公司",
            synonyms=words("工作单位"),
        ),
        Field("job_title", Text(60), section=PERSON, only="person", purpose="知道他管什么", label="个人职位"),
        Field("consumption_preference", Text(200), section=PERSON, only="person", purpose="推荐合适的产品"),
        Field("purchase_frequency", Text(60), section=PERSON, only="person", purpose="推荐合适的时候联系"),
        Field(
            "price_sensitivity", Choice(choices.Urgency), section=PERSON, only="person", purpose="报价合适"
        ),
        Field(
            "need",
            LongText(),
            section=NEED,
            synonyms=words("需求 客户需求 初步需求描述 需求描述"),
            example="采购原材料A，月需求50吨",
        ),
        Field("need_types", MultiChoice(choices.NeedType, NEED_ALIASES), section=NEED),
        Field("pain_points", LongText(), section=NEED, synonyms=words("痛点 当前痛点")),
        Field("service_requirements", LongText(), section=NEED),
        Field(
            "purchase_intent",
            Choice(choices.PurchaseIntent, {"明确": "clear", "潜在": "latent"}),
            section=NEED,
            synonyms=words("意向"),
        ),
        Field("need_stage", Choice(choices.NeedStage), section=NEED),
        Field("urgency", Choice(choices.Urgency), section=NEED, synonyms=words("需求紧急程度")),
        Field(
            "budget",
            formats.AmountRange(),
            section=NEED,
            is_filter=True,
            sort="budget_max",
            synonyms=words("预算 预估采购预算 采购预算 年采购预算 预算金额"),
            example="50-80万",
        ),
        Field("decision_cycle", Text(60), section=NEED),
        Field("decision_chain", Text(200), section=NEED, synonyms=words("决策链角色")),
        Field("delivery_on", days.Day(), section=NEED, synonyms=words("交付时间 期望交期")),
        Field(
            "stage",
            TermField(TermKind.STAGE),
            section=FOLLOW_UP,
            is_filter=True,
            sort="stage_id",
            synonyms=words("阶段 销售阶段 成交阶段"),
            example="需求分析",
            strictest=SHOWN,
        ),
        Field(
            "next_follow_up_at",
            Planned(),
            section=FOLLOW_UP,
            is_filter=True,
            sort="next_follow_up_at",
            synonyms=words("下次跟进 下次跟进日期 下次联系时间"),
            strictest=OPEN,
        ),
        Field(
            "next_step", Text(200), section=FOLLOW_UP, synonyms=words("下一步计划 下一步行动"), strictest=OPEN
        ),
        Field(
            "value_tier",
            Choice(choices.ValueTier, TIER_ALIASES),
            section=FOLLOW_UP,
            is_filter=True,
            synonyms=words("客户等级 客户价值 价值"),
            example="潜力客户",
        ),
        Field(
            "potential_score",
            Score(),
            section=FOLLOW_UP,
            synonyms=words("潜力分 客户潜力 潜力得分"),
            example="75",
        ),
        Field(
            "last_contact_at",
            LastContact(),
            section=FOLLOW_UP,
            is_editable=False,
            is_filter=True,
            sort="last_contact_at",
            label="最后跟进时间",
            strictest=OPEN,
        ),
        Field(
            "assigned_at", Assigned(), section=FOLLOW_UP, is_editable=False, is_filter=True, strictest=OPEN
        ),
        Field("key_contact", Text(120), section=FOLLOW_UP, is_editable=False, strictest=OPEN),
        Field("interaction_count", formats.Count(), section=FOLLOW_UP, is_editable=False, strictest=OPEN),
        Field("completeness", formats.Count(), section=FOLLOW_UP, is_editable=False, strictest=OPEN),
        Field(
            "created_at",
            days.Moment(),
            section=FOLLOW_UP,
            is_editable=False,
            is_filter=True,
            sort="id",
            label="创建时间",
            strictest=OPEN,
        ),
    ],
)


@cache
def wanted_fields() -> tuple[Field, ...]:
    """The fields that count towards completeness: born ones, so that a new one makes nobody's less."""
    levels = (Level.WANTED, Level.REQUIRED)
    return tuple(item for item in CUSTOMER_FIELDS.born.values() if item.level in levels)
