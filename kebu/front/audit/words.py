"""Journal entries in words: what was changed, from what to what (变更日期, 变更内容)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import FieldRule, Permission, Scope
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.journal.choices import JOURNAL, REVEAL, SESSION, SETTING, Action, Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.changes.fields import CHANGE_FIELDS
from kebu.crm.consents.fields import CONSENT_FIELDS
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.reverting import BIN
from kebu.crm.customers.sharing_forms import COLLABORATOR_FIELDS
from kebu.crm.followups.fields import PLAN_FIELDS
from kebu.crm.interactions.fields import INTERACTION_FIELDS
from kebu.crm.promises.fields import PROMISE_FIELDS
from kebu.crm.segments.choices import Cycle, Reach
from kebu.crm.tagging.conditions import is_open, read
from kebu.front.audit import kept_lists

FIELD_SETS: dict[str, FieldSet] = {
    "customer": CUSTOMER_FIELDS,
    "contact": CONTACT_FIELDS,
    "interaction": INTERACTION_FIELDS,
    "promise": PROMISE_FIELDS,
    "important-change": CHANGE_FIELDS,
    "change-proposal": CHANGE_FIELDS,
    "plan": PLAN_FIELDS,
    "consent": CONSENT_FIELDS,
    "collaborator": COLLABORATOR_FIELDS,
}
NAMED = {"contact", "promise", "plan", "file", "collaborator", "export", "export-file", REVEAL}
ICONS = {
    Action.CREATE: "plus",
    Action.ASSIGN: "user-share",
    Action.ARCHIVE: "archive",
    Action.RESTORE: "restore",
    Action.DELETE: "trash",
    Action.VERIFY: "shield-check",
    Action.REVEAL: "eye",
}
KIND_ICONS = {"file": "paperclip", "important-change": "alert-triangle", "promise": "checks"}
KINDS = {
    "customer": gettext_lazy("客户"),
    "customer-state": gettext_lazy("客户标记"),
    "contact": gettext_lazy("联系人"),
    "consent": gettext_lazy("同意"),
    "interaction": gettext_lazy("跟进记录"),
    "plan": gettext_lazy("跟进计划"),
    "promise": gettext_lazy("承诺"),
    "important-change": gettext_lazy("重要变更"),
    "change-proposal": gettext_lazy("待确认的变更"),
    "file": gettext_lazy("附件"),
    "collaborator": gettext_lazy("协作人"),
    "dispute": gettext_lazy("撞单"),
    "view": gettext_lazy("视图"),
    "arrangement": gettext_lazy("标签页安排"),
    "segment": gettext_lazy("客户分群"),
    "snapshot": gettext_lazy("分群快照"),
    "calendar_feed": gettext_lazy("日历订阅"),
    "meeting": gettext_lazy("周会"),
    "point": gettext_lazy("周会事项"),
    REVEAL: gettext_lazy("脱敏的内容"),
    "user": gettext_lazy("员工"),
    "department": gettext_lazy("部门"),
    "role": gettext_lazy("角色"),
    "preview": gettext_lazy("以角色查看"),
    "term": gettext_lazy("字典项"),
    "industry": gettext_lazy("行业"),
    "own-field": gettext_lazy("自定义字段"),
    "tag": gettext_lazy("标签"),
    "tag-group": gettext_lazy("标签组"),
    "tag-rule": gettext_lazy("自动标签规则"),
    "cadence-rule": gettext_lazy("节奏规则"),
    "cadence-setting": gettext_lazy("跟进节奏"),
    "office-day": gettext_lazy("特别日期"),
    "notice-channel": gettext_lazy("通知渠道"),
    "notice-delivery": gettext_lazy("通知投递"),
    "backup": gettext_lazy("备份"),
    "job": gettext_lazy("后台任务"),
    "need": gettext_lazy("周期需求"),
    SETTING: gettext_lazy("设置"),
    SESSION: gettext_lazy("登录和访问"),
    JOURNAL: gettext_lazy("操作日志"),
    "export": gettext_lazy("导出"),
    "export-file": gettext_lazy("导出的文件"),
}
# what was done to a record of the kind; "" stands for every other action
TITLES = {
    "customer": {
        "create": gettext_lazy("新建客户"),
        "assign": gettext_lazy("分配"),
        "change": gettext_lazy("资料变更"),
        "delete": gettext_lazy("删除客户"),
        "trim": gettext_lazy("彻底删除客户"),
    },
    "customer-state": {"create": gettext_lazy("新建客户"), "change": gettext_lazy("资料变更")},
    "preview": {
        "create": gettext_lazy("开始以角色查看"),
        "delete": gettext_lazy("结束以角色查看"),
    },
    "contact": {
        "create": gettext_lazy("新建联系人"),
        "delete": gettext_lazy("删除联系人"),
        "restore": gettext_lazy("恢复联系人"),
        "trim": gettext_lazy("彻底删除联系人"),
        "": gettext_lazy("联系人变更"),
    },
    "collaborator": {
        "create": gettext_lazy("加协作人"),
        "delete": gettext_lazy("移除协作人"),
        "": gettext_lazy("协作人变更"),
    },
    "export": {"": gettext_lazy("导出表格")},
    "export-file": {"": gettext_lazy("下载导出的文件")},
    "promise": {"": gettext_lazy("承诺的结果")},
    "important-change": {"": gettext_lazy("重要变更")},
    "change-proposal": {"": gettext_lazy("不算重要变更")},
    "dispute": {"create": gettext_lazy("提出撞单"), "": gettext_lazy("撞单进展")},
    "file": {
        "create": gettext_lazy("上传附件"),
        "delete": gettext_lazy("删除附件"),
        "trim": gettext_lazy("彻底删除附件"),
        "": gettext_lazy("恢复附件"),
    },
    "interaction": {
        "create": gettext_lazy("记跟进"),
        "delete": gettext_lazy("删除跟进记录"),
        "restore": gettext_lazy("恢复跟进记录"),
        "trim": gettext_lazy("彻底删除跟进记录"),
        "": gettext_lazy("修改跟进记录"),
    },
    "plan": {"create": gettext_lazy("新建计划"), "": gettext_lazy("计划变更")},
}
LABELS = {
    "table": gettext_lazy("表"),
    "reach": gettext_lazy("谁能看到"),
    "query": gettext_lazy("条件"),
    "where": gettext_lazy("条件"),
    "tag": gettext_lazy("标签"),
    "from_on": gettext_lazy("从哪天起"),
    "until_on": gettext_lazy("到哪天止"),
    "columns": gettext_lazy("列"),
    "label": gettext_lazy("名称"),
    "value_kind": gettext_lazy("类型"),
    "unit": gettext_lazy("单位"),
    "example": gettext_lazy("例子"),
    "section": gettext_lazy("所在分组"),
    "level": gettext_lazy("要求"),
    "only": gettext_lazy("哪些客户有"),
    "sensitivity": gettext_lazy("敏感程度"),
    "synonyms": gettext_lazy("导入时也认的表头"),
    "shown_when": gettext_lazy("什么时候出现"),
    "roll_up": gettext_lazy("汇总什么"),
    "options": gettext_lazy("选项"),
    "order": gettext_lazy("顺序"),
    "hidden": gettext_lazy("不显示"),
    "first": gettext_lazy("打开列表先看"),
    "description": gettext_lazy("说明"),
    "purpose": gettext_lazy("用途"),
    "cycle": gettext_lazy("自动快照"),
    "on": gettext_lazy("日期"),
    "aim": gettext_lazy("诉求"),
    "contacted_on": gettext_lazy("首次接触"),
    "answer": gettext_lazy("负责人说明"),
    "outcome": gettext_lazy("决定"),
    "words": gettext_lazy("决定说明"),
    "state": gettext_lazy("状态"),
    "again": gettext_lazy("重做的任务"),
    "cycle_months": gettext_lazy("周期（月）"),
    "next_on": gettext_lazy("下次采购"),
    "lead_days": gettext_lazy("提前几天提醒"),
    "remark": gettext_lazy("备注"),
    "lead_minutes": gettext_lazy("提前几分钟"),
    "escalate_days": gettext_lazy("逾期几天告诉主管"),
    "untouched_days": gettext_lazy("几天没人跟进"),
    "missing_days": gettext_lazy("几天没有定下次跟进"),
    "off": gettext_lazy("不提醒的"),
    "names_owner": gettext_lazy("查重说出负责人"),
    "username": gettext_lazy("账号"),
    "name": gettext_lazy("名称"),
    "department": gettext_lazy("部门"),
    "roles": gettext_lazy("角色"),
    "is_active": gettext_lazy("在用"),
    "password": gettext_lazy("密码"),
    "password_link": gettext_lazy("设密码的链接"),
    "email": gettext_lazy("邮箱"),
    "two_factor": gettext_lazy("两步验证"),
    "two_factor_required": gettext_lazy("必须用两步验证"),
    "recovery_codes": gettext_lazy("备用码"),
    "sessions_ended": gettext_lazy("退出的设备数"),
    "outside": gettext_lazy("外部账号"),
    "profile": gettext_lazy("密码要求"),
    "idle_minutes": gettext_lazy("几分钟不用要重新登录"),
    "absolute_hours": gettext_lazy("登录一次最长几小时"),
    "session_count": gettext_lazy("同时登录的设备数"),
    "parent": gettext_lazy("上级"),
    "person": gettext_lazy("以谁的身份"),
    "manager": gettext_lazy("部门主管"),
    "scope": gettext_lazy("数据范围"),
    "permissions": gettext_lazy("权限"),
    "status": gettext_lazy("应答"),
    "method": gettext_lazy("方法"),
    "more": gettext_lazy("同一分钟内还有"),
    "count": gettext_lazy("条数"),
    "erased": gettext_lazy("日志编号"),
    "reason": gettext_lazy("原因"),
    "texts": gettext_lazy("文字"),
    "files": gettext_lazy("附件"),
    "import_rows": gettext_lazy("导入的行"),
    "import_files": gettext_lazy("导入的文件"),
    "open_imports": gettext_lazy("没做完的导入"),
    "withdrawn_on": gettext_lazy("撤回日期"),
    "keeping": gettext_lazy("个人信息保留"),
    "field": gettext_lazy("字段"),
    "entry": gettext_lazy("日志编号"),
    "until": gettext_lazy("清理到第几条"),
    "before": gettext_lazy("早于"),
    "filter": gettext_lazy("条件"),
    "format": gettext_lazy("格式"),
    "checked": gettext_lazy("校验条数"),
    "found": gettext_lazy("不对的"),
    "findings": gettext_lazy("结果"),
}
PERSONAL = {Action.EXPORT: gettext_lazy("导出个人信息"), Action.ERASE: gettext_lazy("清除个人信息")}
ANSWERS = {403: gettext_lazy("403 没有权限"), 404: gettext_lazy("404 看不到或没有")}
UNREADABLE = gettext_lazy("内容读不出来")


@dataclass(frozen=True, slots=True)
class Pair:
    """One field: what it was and what it became."""

    label: str
    before: str
    after: str
    name: str = ""  # of a field that is masked for the reader


@dataclass(frozen=True, slots=True)
class Change:
    """One journal entry as people read it."""

    id: int
    at: datetime
    title: str
    subject: str
    author: str
    door: str
    icon: str
    pairs: list[Pair]


def change_of(entry: JournalEntry, context: Context, *, is_whole: bool = False) -> Change:
    """Put an entry in words; the values of a new record only when the entry is wanted whole."""
    is_new = entry.action == Action.CREATE and not is_whole and entry.kind != "important-change"
    return Change(
        id=entry.pk,
        at=entry.at,
        title=title_of(entry),
        subject=entry.record_name if entry.kind in NAMED else "",
        author=entry.author_name,
        door=_door(entry),
        icon=KIND_ICONS.get(entry.kind) or ICONS.get(entry.action, "history"),  # type: ignore[call-overload]
        pairs=[] if is_new else pairs_of(entry, context),
    )


def _door(entry: JournalEntry) -> str:
    """The door in words, unless it is the page or the author already says it."""
    label = door_label(entry.door)
    return "" if entry.door == Door.PAGE or label == entry.author_name else label


def door_label(door: str) -> str:
    """The door in words; one that nobody knows stands as it is."""
    return str(Door(door).label) if door in Door else door


def title_of(entry: JournalEntry) -> str:
    """What was done, in words of the kind of record."""
    if entry.action in PERSONAL and entry.kind in ("customer", "contact"):
        return str(PERSONAL[Action(entry.action)])
    label = str(Action(entry.action).label) if entry.action in Action else entry.action
    if (titles := TITLES.get(entry.kind)) is not None:
        return str(titles.get(entry.action, titles.get("", label)))
    if entry.kind in (SESSION, JOURNAL):
        return label if entry.kind == SESSION else _("%(action)s日志") % {"action": label}
    return f"{label}{KINDS.get(entry.kind, entry.kind)}"


def pairs_of(entry: JournalEntry, context: Context) -> list[Pair]:
    """The changed fields; what somebody wrote past the house may be no values at all."""
    try:
        return list(_pairs(entry, context))
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        items = FIELD_SETS[entry.kind].values() if entry.kind in FIELD_SETS else ()
        is_open = all(item.allows(Use.READ, context) for item in items)
        return [Pair(str(UNREADABLE), "", str(entry.changes)[:200] if is_open else "")]


def _pairs(entry: JournalEntry, context: Context) -> Iterator[Pair]:
    """The changed fields; marks (kind customer-state) are kept as words already."""
    fields = FIELD_SETS.get(entry.kind)
    for name, (before, after) in entry.changes.items():
        if name == BIN:
            continue
        item = _field_of(entry.kind, name)
        if item is not None and not item.allows(Use.VIEW, context):
            continue
        if fields is None or (item is None and name in LABELS):
            yield _marked(entry.kind, name, before, after, context)
        elif item is not None:
            masked = "" if item.allows(Use.READ, context) else name
            was, now = (item.shown_json(stored, context) for stored in (before, after))
            yield Pair(item.label, was, now, masked)


def _field_of(kind: str, name: str) -> Field | None:
    """The field that a part of an entry is about: of the record itself, a mark on it, a rule of a role."""
    fields = FIELD_SETS.get("customer" if kind == "customer-state" else kind)
    if fields is not None:
        return fields.ever(name)
    group, _dot, field = name.partition(".")
    return FIELD_SETS[group].ever(field) if group in FIELD_SETS else None


def _marked(kind: str, name: str, before: Any, after: Any, context: Context) -> Pair:
    """A part of an entry that is kept as words."""
    if kind == REVEAL and name == "field":
        return Pair(str(LABELS[name]), "", _seen_label(after, context))
    if kind == "tag-rule" and name == "where":
        return Pair(str(LABELS[name]), _asked(before, context), _asked(after, context))
    if kind in kept_lists.KINDS and name == "query":
        return Pair(str(LABELS[name]), *kept_lists.in_words((before, after), context))
    return Pair(label_of(kind, name), _word(name, before), _word(name, after))


def _asked(where: str | None, context: Context) -> str:
    """The filter of a rule, as far as it is open to the reader."""
    if not where:
        return ""
    if not is_open(where, context):
        return _("里面有对你不开放的内容")
    return read(where, context).words


def _seen_label(key: str, context: Context) -> str:
    """The label of the field of this key, unless it is hidden from the reader."""
    item = _field_of("", key)
    return _field_called(key) if item is not None and item.allows(Use.VIEW, context) else ""


def label_of(kind: str, name: str) -> str:
    """The label of a field that no field set knows."""
    if kind == "customer-state" and name in CUSTOMER_FIELDS:
        return CUSTOMER_FIELDS[name].label
    if name in Permission:
        return str(Permission(name).label)
    return str(LABELS.get(name) or _field_called(name) or name)


def _word(name: str, value: Any) -> str:
    if value is None:
        return _("无") if name in Permission else _("可见") if _field_called(name) else ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(_word(name, item) for item in value)
    if name == "status":
        return str(ANSWERS.get(value, value))
    choices = next((one for one in _choices_of(name) if value in one), None)
    return str(choices(value).label) if choices else str(value)


def _choices_of(name: str) -> list[Any]:
    """What the values of a role's parts are called; entries from when a role had one scope hold lists."""
    if name in Permission:
        return [Scope]
    if name in ("reach", "cycle"):
        return [Reach, Cycle]
    of_old: dict[str, list[Any]] = {"scope": [Scope], "permissions": [Permission]}
    return of_old.get(name, [FieldRule] if _field_called(name) else [])


def _field_called(name: str) -> str:
    """The label of a field like customer.phone, of which roles have rules."""
    kind, _dot, field = name.partition(".")
    item = FIELD_SETS[kind].ever(field) if kind in FIELD_SETS else None
    return f"{KINDS[kind]}：{item.label}" if item else ""
