"""What the component gallery shows: made-up rows, nothing of the office's data."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.ui.finders import Finder, spoken
from kebu.base.ui.paging import Count, Page

TRADES: Any = [
    ("", ""),
    (_("制造业"), [("c34", _("通用设备制造业")), ("c35", _("专用设备制造业")), ("c27", _("医药制造业"))]),
    (_("住宿和餐饮业"), [("h61", _("住宿业")), ("h62", _("餐饮业"))]),
]
TRADE_NAMES = {
    "c34": ("通用设备制造业", ["机床"]),
    "c35": ("专用设备制造业", []),
    "c27": ("医药制造业", ["药品"]),
    "h61": ("住宿业", ["酒店"]),
    "h62": ("餐饮业", ["饭店"]),
}


class SampleForm(forms.Form):
    """Every kind of control, two of them wrong."""

    prefix = "sample"

    name = forms.CharField(label=_("客户名称"), help_text=_("营业执照上的全称"))
    phone = forms.CharField(
        label=_("电话"), min_length=11, error_messages={"min_length": _("手机号少一位，应为11位")}
    )
    industry = forms.ChoiceField(label=_("所属行业"), choices=TRADES, widget=Finder({}))
    number = forms.CharField(label=_("客户编号"), help_text=_("系统生成"), disabled=True, required=False)
    need = forms.CharField(label=_("客户需求"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    intent = forms.ChoiceField(
        label=_("采购意向"),
        choices=[("clear", _("明确需求")), ("hidden", _("潜在需求"))],
        widget=forms.RadioSelect,
    )
    is_key = forms.BooleanField(label=_("重点客户"), required=False)


STAGES = ["已丢单", "初次接触", "需求分析", "方案制定", "报价", "谈判", "签约意向", "成交"]
SWATCHES = ["canvas", "sunken", "active", "ink", "ink-2", "ink-3"]
SWATCHES += ["accent", "accent-soft", "overdue", "today", "won", "lost"]


def examples() -> dict[str, Any]:
    """Return the gallery's context."""
    now, today = timezone.now(), timezone.localdate()
    return {
        "form": _form(),
        "stages": list(enumerate(STAGES)),
        "types": [("potential", "潜在"), ("intent", "意向"), ("won", "成交"), ("lost", "流失")],
        "past": [now - timedelta(minutes=5), *(now - timedelta(days=days) for days in (1, 12, 400))],
        "coming": [today + timedelta(days=days) for days in (-2, 0, 1, 9)],
        "tag_names": ["重点客户", "价格敏感", "账期敏感", "技术支持"],
        "page": Page([None] * 50, "next", "before", 51),
        "count": Count(1000, True),
        "swatches": SWATCHES,
        "views": [_view("我的", 128), _view("逾期", 4, "overdue"), _view("公海", "99+")],
        "conflicts": [
            _conflict("budget", "预算范围", "80–90万", "70–80万", "60–80万", "mine"),
            _conflict("decider", "决策人", "郑国栋", "蒋雅文", "郑国栋", "now"),
        ],
    }


def _form() -> SampleForm:
    """Return the form as it comes back with two errors."""
    typed = {
        "phone": "1380000112",
        "industry": "c34",
        "intent": "clear",
        "need": "每月抽检8批，想改成在线全检",
    }
    data = {f"sample-{name}": value for name, value in typed.items()}
    form = SampleForm(data, initial={"number": "CUS202611024"})
    trade: Any = form.fields["industry"].widget
    trade.words = {key: spoken(*said) for key, said in TRADE_NAMES.items()}  # not read before anybody looks
    return form


def _view(label: str, count: object, tone: str = "") -> dict[str, Any]:
    """Return one tab."""
    return {"label": label, "url": "#", "is_current": label == "我的", "count": count, "tone": tone}


def _conflict(*values: str) -> dict[str, str]:
    """Return one row of the three-way block."""
    return dict(zip(("name", "label", "mine", "now", "was", "pick"), values, strict=True))
