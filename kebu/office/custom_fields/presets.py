"""Fields that trades want, added with one click: only what the born fields do not have already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kebu.base.fields.directories import fold
from kebu.base.fields.fieldsets import FIELD_SETS
from kebu.base.journal.authors import Author
from kebu.office.custom_fields.actions import Choosable, add_field
from kebu.office.custom_fields.choices import Subject, ValueKind, Wanted
from kebu.office.custom_fields.models import OwnField

COMPANY, PERSON, NEED = "企业信息", "个人信息", "需求"
K = ValueKind


@dataclass(frozen=True, slots=True)
class Wish:
    """One field of a preset."""

    label: str
    kind: ValueKind = ValueKind.TEXT
    options: str = ""
    section: str = COMPANY
    only: str = ""
    help: str = ""
    unit: str = ""
    level: Wanted = Wanted.OPTIONAL
    subject: Subject = Subject.CUSTOMER
    synonyms: str = ""

    def values(self) -> dict[str, Any]:
        """As a definition has them."""
        return {
            "subject": self.subject.value,
            "label": self.label,
            "value_kind": self.kind.value,
            "section": self.section if self.subject is Subject.CUSTOMER else "",
            "only": self.only,
            "help": self.help,
            "unit": self.unit,
            "level": self.level.value,
            "synonyms": self.synonyms.split(),
        }

    def choosables(self) -> list[Choosable]:
        return [Choosable(None, name) for name in self.options.split()]


@dataclass(frozen=True, slots=True)
class Preset:
    """The fields of a trade."""

    code: str
    label: str | Promise
    wishes: tuple[Wish, ...]


PRESETS = (
    Preset(
        "medical",
        _("医疗器械"),
        (
            Wish(
                "医院名称",
                help="医院的全称，分院写明院区",
                level=Wanted.WANTED,
                synonyms="医院 医疗机构 医院全称",
            ),
            Wish("科室名称", level=Wanted.WANTED, synonyms="科室 使用科室"),
            Wish("医院等级", K.CHOICE, "三甲 三乙 二甲 二乙 一级 未定级 民营", synonyms="医院级别"),
            Wish("床位数", K.NUMBER, unit="张", synonyms="床位"),
            Wish("现用设备", K.LONG_TEXT, help="品牌、型号、哪年买的", section=NEED),
            Wish("招标方式", K.CHOICE, "公开招标 邀请招标 竞争性谈判 单一来源 院内采购", section=NEED),
            Wish("预计招标日期", K.DATE, section=NEED, synonyms="招标日期 招标时间"),
            Wish("需要注册证", K.YES_NO, section=NEED),
            Wish("主攻方向", subject=Subject.CONTACT, help="医生的专业方向，如 骨科关节"),
        ),
    ),
    Preset(
        "education",
        _("教育培训"),
        (
            Wish(
                "学校名称",
                help="学校或校区的全称",
                section=PERSON,
                level=Wanted.WANTED,
                synonyms="学校 就读学校 校区",
            ),
            Wish(
                "年级",
                K.CHOICE,
                "学前 一年级 二年级 三年级 四年级 五年级 六年级 初一 初二 初三 高一 高二 高三 大学 成人",
                section=PERSON,
                level=Wanted.WANTED,
                synonyms="学生年级 就读年级",
            ),
            Wish("意向课程", K.CHOICES, "语文 数学 英语 物理 化学 编程 音乐 美术 体育 其他", section=NEED),
            Wish("上课方式", K.CHOICE, "一对一 小班 大班 线上", section=NEED),
            Wish("试听日期", K.DATE, section=NEED),
            Wish("与学生关系", K.CHOICE, "父亲 母亲 祖辈 本人 其他", subject=Subject.CONTACT),
        ),
    ),
    Preset(
        "manufacturing",
        _("制造"),
        (
            Wish("主要产品", help="他们做什么、卖给谁"),
            Wish("年产能", K.NUMBER, help="按他们自己的计量单位，单位写在主要产品里"),
            Wish("厂房面积", K.NUMBER, unit="平方米"),
            Wish("设备数量", K.NUMBER, unit="台"),
            Wish(
                "质量体系",
                K.CHOICES,
                "ISO9001 IATF16949 ISO14001 ISO13485 AS9100 其他",
                synonyms="体系认证 认证",
            ),
            Wish(
                "付款方式",
                K.CHOICE,
                "预付 货到付款 月结30天 月结60天 月结90天 承兑",
                section=NEED,
                synonyms="账期 结算方式",
            ),
            Wish("现有供应商", section=NEED, synonyms="供应商 竞争对手"),
        ),
    ),
    Preset(
        "software",
        _("软件"),
        (
            Wish("使用人数", K.NUMBER, unit="人", section=NEED, synonyms="账号数 用户数"),
            Wish("现用系统", section=NEED, synonyms="在用系统 现有软件"),
            Wish("部署方式", K.CHOICE, "公有云 私有云 本地部署 混合", section=NEED),
            Wish("采购方式", K.CHOICE, "年度订阅 一次买断 定制开发", section=NEED),
            Wish(
                "合同到期日",
                K.DATE,
                section=NEED,
                help="现用系统的合同什么时候到期",
                synonyms="到期日期 续费日期",
            ),
            Wish("要求信创", K.YES_NO, section=NEED),
        ),
    ),
    Preset(
        "consumer",
        _("个人消费"),
        (
            Wish(
                "消费偏好", section=PERSON, only="person"
            ),  # born: told as there, so that nobody looks for them
            Wish("购买频次", section=PERSON, only="person"),
            Wish("价格敏感度", section=PERSON, only="person"),
            Wish(
                "会员等级",
                K.CHOICE,
                "普通 银卡 金卡 钻石",
                section=PERSON,
                only="person",
                synonyms="会员级别",
            ),
            Wish(
                "常买品类",
                K.CHOICES,
                "食品 服饰 美妆 母婴 数码 家居 运动 其他",
                section=PERSON,
                only="person",
            ),
            Wish("常用渠道", K.CHOICE, "门店 天猫 京东 抖音 微信小程序 其他", section=PERSON, only="person"),
            Wish("客单价", K.MONEY, section=PERSON, only="person", synonyms="平均消费"),
            Wish("最近购买日期", K.DATE, section=PERSON, only="person", synonyms="上次购买"),
        ),
    ),
)
BY_CODE = {preset.code: preset for preset in PRESETS}


def missing(preset: Preset) -> list[tuple[Wish, str]]:
    """The wishes, each with the label of the field there that is it already, "" where there is none."""
    spellings: dict[str, dict[str, str]] = {}
    for subject in Subject:
        for item in FIELD_SETS[subject].values():
            for word in (item.label, *item.synonyms):
                spellings.setdefault(subject, {}).setdefault(fold(word), item.label)
    return [(wish, spellings[wish.subject].get(fold(wish.label), "")) for wish in preset.wishes]


@transaction.atomic
def add_preset(preset: Preset, labels: Sequence[str], *, by: Author, at: datetime) -> list[OwnField]:
    """Add the chosen fields of a preset that are not there yet."""
    chosen = [wish for wish, there in missing(preset) if not there and wish.label in labels]
    return [add_field(wish.values(), wish.choosables(), by=by, at=at) for wish in chosen]
