"""What the component gallery shows: made-up rows, nothing of the office's data."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.ui.paging import Count, Page


class SampleForm(forms.Form):
    """Every kind of control, two of them wrong."""

    prefix = "sample"

    name = forms.CharField(label=_("客户名称"), help_text=_("营业执照上的全称"))
    phone = forms.CharField(
        label=_("电话"), min_length=11, error_messages={"min_length": _("手机号少一位，应为11位")}
    )
    industry = forms.ChoiceField(label=_("所属行业"), choices=[("", "–"), ("c34", _("通用设备制造业"))])
    number = forms.CharField(label=_("客户编号"), help_text=_("系统生成"), disabled=True, required=False)
    need = forms.CharField(label=_("客户需求"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    intent = forms.ChoiceField(
        label=_("采购意向"), choices=[("clear", _("明确需求")), ("hidden", _("潜在需求"))], widget=forms.RadioSelect
    )
    is_key = forms.BooleanField(label=_("重点客户"), required=False)


def examples() -> dict[str, Any]:
    """Return the gallery's context."""
    now, today = timezone.now(), timezone.localdate()
    typed = {"name": "", "phone": "1380000112", "industry": "c34", "intent": "clear", "need": "每月抽检8批，想改成在线全检"}
    form = SampleForm({f"sample-{name}": value for name, value in typed.items()}, initial={"number": "CUS202611024"})
    return {
        "form": form,
        "stages": list(enumerate("已丢单 初次接触 需求分析 方案制定 报价 谈判 签约意向 成交".split())),
        "types": [("potential", "潜在"), ("intent", "意向"), ("won", "成交"), ("lost", "流失")],
        "past": [now - timedelta(minutes=5), now - timedelta(days=1), now - timedelta(days=12), now - timedelta(days=400)],
        "coming": [today - timedelta(days=2), today, today + timedelta(days=1), today + timedelta(days=9)],
        "tag_names": ["重点客户", "价格敏感", "账期敏感", "技术支持"],
        "page": Page([None] * 50, "next", "before", 51),
        "count": Count(1000, True),
        "swatches": "canvas sunken active ink ink-2 ink-3 accent accent-soft overdue today won lost".split(),
        "views": [
            {"label": "我的", "url": "#", "is_current": True, "count": 128, "tone": ""},
            {"label": "逾期", "url": "#", "is_current": False, "count": 4, "tone": "overdue"},
            {"label": "公海", "url": "#", "is_current": False, "count": "99+", "tone": ""},
        ],
        "conflicts": [
            {"name": "budget", "label": "预算范围", "mine": "80–90万", "now": "70–80万", "was": "60–80万", "pick": "mine"},
            {"name": "decider", "label": "决策人", "mine": "郑国栋", "now": "蒋雅文", "was": "郑国栋", "pick": "now"},
        ],
    }
