"""Pages to open and things to do, of those the user may: the side bar, the settings, views, actions."""

from collections.abc import Iterable
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context
from kebu.base.ui.navigation import places, reverse_or_empty
from kebu.crm.customers.outlooks import tabs_of
from kebu.front.palette.hits import Hit
from kebu.front.palette.matching import ELSEWHERE, NOT, Pieces, cut, fit
from kebu.office.staff.models import User
from kebu.office.staff.office import settings_tabs

MOST = 6

# What else people say for a page, by its url name.
SAID = {
    "desk:desk": "今天 首页 待办 today",
    "customers:list": "全部客户 客户列表 名单",
    "customers:archive": "归档的客户 恢复",
    "followups:list": "计划表 任务 待办 跟进计划表",
    "followups:create": "安排 任务 下次",
    "followups:records": "跟进记录表 往来 晚记",
    "imports:list": "excel 表格 导入客户 上传",
    "disputes:list": "异议 协作 申请 查重",
    "recycling:list": "删除 恢复 找回",
    "batches:list": "撤销 批次",
    "audit:list": "日志 历史 谁改的 审计",
    "staff:users": "员工 账号 同事 人员",
    "staff:departments": "组织 架构",
    "staff:roles": "权限 数据范围 脱敏",
    "signin:policy": "密码 两步验证 安全",
    "vocabulary:terms": "来源 阶段 数据字典",
    "vocabulary:industries": "国标 gb",
    "tags:list": "标签组",
    "disputes:settings": "撞单设置 查重",
    "backups:list": "恢复 数据 备份",
    "reminders:rules": "逾期 几天没跟进 主管",
    "pool:list": "领取 没有负责人 没人跟",
    "pool:limits": "回收 领取上限",
    "key_dates:list": "应收款 收款 回款 合同 质保 到期 续签 采购 周年",
    "purchases:list": "采购 下单 进货 增购 采购增长 买了什么",
    "purchases:rules": "采购量 增长 多买",
    "churn:list": "挽回 风险",
    "churn:rules": "高危 阈值",
    "backstage:list": "定时 任务 队列 进度 worker",
    "privacy:office": "隐私 同意 保留 清除",
    "demo:offer": "演示 删除 试用",
    "signin:profile": "改密码 密码 头像 快捷键",
    "signin:sessions": "登录记录 退出",
    "signin:two_factor": "动态码 安全",
    "segments:views": "保存的视图 分群 标签页",
    "customers:create": "添加 new 录入",
    "interactions:quick": "电话 拜访 微信 跟进记录",
}


class Page(NamedTuple):
    """A page to open (``does`` href) or a thing to do (sheet)."""

    label: str
    icon: str
    url: str
    words: str = ""
    does: str = "href"
    note: str = ""
    key: str = ""

    def hit(self, query: str = "", rank: int = ELSEWHERE) -> Hit:
        """The line for it."""
        name = cut(self.label, query) if query else Pieces(self.label)
        return Hit(name, self.does, self.url, icon=self.icon, note=self.note, key=self.key, fit=rank)


def actions(user: User) -> list[Page]:
    """What one can begin from everywhere."""
    offered = (
        (_("新建客户"), "plus", "customers:create", "sheet", Permission.CUSTOMER_CREATE, "c"),
        (_("记跟进"), "pencil-plus", "interactions:quick", "sheet", Permission.INTERACTION_CREATE, "f"),
        (_("新建计划"), "calendar-plus", "followups:create", "sheet", Permission.PLAN_CREATE, ""),
        (_("导入客户"), "file-import", "imports:list", "href", Permission.CUSTOMER_IMPORT, ""),
    )
    return [
        Page(label, icon, reverse_or_empty(name), SAID.get(name, ""), does, key=key)
        for label, icon, name, does, permission, key in offered
        if user.can(permission)
    ]


def pages(request: HttpRequest, user: User) -> list[Page]:
    """The pages this user may open: those of the side bar, of the settings, and his own."""
    said = {reverse_or_empty(name): words for name, words in SAID.items()}
    settings = {str(tab["url"]): str(tab["label"]) for tab in settings_tabs(request, "")}
    bar = [(item, url) for item, url in places(user) if url not in settings]
    found = [Page(item.label, item.icon, url, said.get(url, "")) for item, url in bar]
    found += [
        Page(label, "settings", url, f"设置 {said.get(url, '')}", note=_("设置"))
        for url, label in settings.items()
    ]
    return [*found, *_own(user, said)]


def _own(user: User, said: dict[str, str]) -> list[Page]:
    rest = (
        (_("我的账号"), "user-circle", "signin:profile", None),
        (_("登录的设备"), "device-desktop", "signin:sessions", None),
        (_("两步验证"), "shield-lock", "signin:two_factor", None),
        (_("跟进记录"), "notes", "followups:records", Permission.CUSTOMER_VIEW),
        (_("管理视图"), "bookmark", "segments:views", Permission.CUSTOMER_VIEW),
        (_("示例数据"), "sparkles", "demo:offer", Permission.STAFF_MANAGE),
    )
    return [
        Page(label, icon, url, said.get(url, ""))
        for label, icon, name, permission in rest
        if (url := reverse_or_empty(name)) and (permission is None or user.can(permission))
    ]


def views(user: User, context: Context) -> list[Page]:
    """The tabs over the customer list, saved views among them."""
    if not user.can(Permission.CUSTOMER_VIEW):
        return []
    base = reverse("customers:list")
    return [
        Page(
            str(view.label),
            "bookmark" if view.is_saved else "list",
            f"{base}?{urlencode({'view': view.code})}",
            note=_("视图"),
        )
        for view in tabs_of(user, context)
    ]


def fitting(offered: Iterable[Page], query: str) -> list[Hit]:
    """Those that fit the query, the best first."""
    found = [(fit(page.label, page.words, query), page) for page in offered]
    best = sorted((pair for pair in found if pair[0] < NOT), key=lambda pair: pair[0])
    return [page.hit(query, rank) for rank, page in best[:MOST]]
