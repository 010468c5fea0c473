"""The components as template tags; the gallery page shows each with its code."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context, RequestContext
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kebu.base.kit.phones import format_phone
from kebu.base.ui import figures, inputs, marks, moments
from kebu.base.ui.navigation import Entry, address
from kebu.base.ui.paging import Count, Page

register = template.Library()

register.simple_tag(marks.asset, name="asset")
register.simple_tag(address, name="address")
register.simple_tag(marks.icon, name="icon")
register.simple_tag(marks.face, name="face")
register.simple_tag(inputs.chips, name="chips")
register.simple_tag(marks.tags, name="tags")
register.simple_tag(marks.copy, name="copy")
register.simple_tag(marks.call, name="call")
register.simple_tag(marks.masked, name="masked")
register.filter("yuan", figures.yuan)
register.filter("wan", figures.wan)
register.filter("money", figures.money)
register.filter("cap", figures.capped)


@register.simple_tag
def fresh_key() -> str:
    """``{% fresh_key %}``: what tells a button pressed twice from one pressed again on a new page."""
    return uuid4().hex


@register.simple_tag
def grade(letter: str | None) -> SafeString:
    """``{% grade customer.grade %}``."""
    return marks.grade(letter or "")


@register.simple_tag
def type_dot(value: str | None, label: object = "") -> SafeString:
    """``{% type_dot customer.kind customer.get_kind_display %}``."""
    return marks.type_dot(value or "", str(label or value or ""))


@register.simple_tag
def stage_ring(step: int | None, label: object = "") -> SafeString:
    """``{% stage_ring 5 "谈判" %}``; step 7 is won, 0 dropped."""
    return marks.stage_ring(step or 0, str(label or ""))


@register.simple_tag
def who(name: object, is_me: bool = False, empty: object = "") -> SafeString:
    """``{% who customer.owner_name customer.owner_id == user.id empty=_("公海") %}``."""
    return marks.who(str(name or ""), bool(is_me), str(empty))


@register.simple_tag(takes_context=True)
def nav(context: Context, entries: list[Entry]) -> SafeString:
    """``{% nav shell.main %}``: the lines of the side bar; the context's ``nav`` names the current one."""
    named = context.get("nav")
    lines = (marks.nav_line(entry, entry.name == named if named else entry.is_current) for entry in entries)
    return mark_safe("".join(lines))  # noqa: S308 - our own markup


@register.simple_tag
def badge(text: object, kind: str = "", symbol: str = "") -> SafeString:
    """``{% badge "逾期2天" "overdue" "clock-exclamation" %}``."""
    return marks.badge(str(text), kind, symbol)


@register.filter
def dial(value: str | None) -> str:
    """A stored phone as telephones dial it: the extension after a pause."""
    return (value or "").replace(";ext=", ",")


@register.filter
def when(value: date | datetime | None, today: date | None = None) -> SafeString:
    """``{{ customer.last_contact_at|when:today }}``."""
    return moments.when_html(value, today)


@register.filter
def clock(value: datetime) -> SafeString:
    """``{{ interaction.happened_at|clock }}``: 16:20, where a heading says the day."""
    return moments.clock_html(value)


@register.filter
def day_clock(value: datetime) -> SafeString:
    """``{{ interaction.happened_at|day_clock }}``: 11-18 16:20."""
    return moments.clock_html(value, with_day=True)


@register.filter
def due(value: date | datetime | None, today: date | None = None) -> SafeString:
    """``{{ plan.due_on|due:today }}``."""
    return moments.due_html(value, today)


@register.filter
def phone(value: str | None) -> str:
    """``{{ contact.phone|phone }}``: 138 1234 5678; a masked or unknown text stays as it is."""
    return format_phone(value) if value and value.startswith("+") else value or ""


@register.simple_tag
def alpine() -> SafeString:
    """``{% block scripts %}{{ block.super }}{% alpine %}{% endblock %}`` on the few pages that need it."""
    return format_html('<script src="{}" defer></script>', marks.asset("alpine.js"))


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField, help: object = None, **extra: Any) -> dict[str, Any]:  # noqa: A002 - tag's word
    """``{% field form.name %}``, ``{% field form.name help=_("营业执照上的全称") autofocus=True %}``."""
    help_text = str(bound.help_text if help is None else help)
    kind = inputs.shape(bound)
    return {
        "bound": bound,
        "kind": kind,
        "help_text": help_text,
        "described_by": inputs.described_by(bound, help_text),
        "options": inputs.options(bound) if kind == "choices" else [],
        "control": "" if kind == "choices" else inputs.control(bound, help_text, extra),
    }


@register.inclusion_tag("ui/parts/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """``{% form_errors form %}``: what to correct, with links to the controls."""
    return {"problems": inputs.problems(form)}


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(
    context: RequestContext, page: Page[Any], count: Count | None = None, target: str = "", unit: object = ""
) -> dict[str, Any]:
    """``{% pager page count target="#customer-list" %}``; keeps the rest of the query string."""

    def address(cursor: str) -> str:
        query = context["request"].GET.copy()
        query["cursor"] = cursor
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "count": count,
        "target": target,
        "unit": unit or _("个"),
        "next_url": address(page.next_cursor) if page.next_cursor else "",
        "prev_url": address(page.prev_cursor) if page.prev_cursor else "",
    }


@register.inclusion_tag("ui/parts/progress.html")
def progress(value: int, total: int, label: object = "", unit: object = "") -> dict[str, Any]:
    """``{% progress job.progress_done job.progress_total _("导入进度") _("行") %}``."""
    return {"value": value, "total": total, "label": label or _("进度"), "unit": unit}


@register.inclusion_tag("ui/parts/conflict.html")
def conflict(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """``{% conflict rows %}``: rows with name, label, mine, now, was and pick ("mine" or "now")."""
    return {"rows": rows}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: list[dict[str, Any]], label: object = "") -> dict[str, Any]:
    """``{% tabs views _("视图") %}``: items with label, url, is_current, count, tone."""
    return {"items": items, "label": label or _("视图")}


@register.inclusion_tag("ui/parts/chip.html")
def chip(
    label: object, operator: object, value: object, remove_url: str = "", target: str = ""
) -> dict[str, Any]:
    """``{% chip "类型" "是" "意向、成交" "?…" %}``: one filter condition and how to drop it."""
    return {"label": label, "operator": operator, "value": value, "remove_url": remove_url, "target": target}


@register.inclusion_tag("ui/parts/panel_head.html")
def panel_head(url: str = "", index: int | None = None, count: object = None) -> dict[str, Any]:
    """``{% panel_head customer.get_absolute_url %}``: previous, next, full page, close."""
    return {"url": url, "index": index, "count": count}


@register.simple_tag
def fixed(name: str) -> SafeString:
    """``{% fixed "ui/parts/palette.html" %}``: a part that is the same for everybody, drawn once."""
    return marks.fixed(name, get_language() or "")


@register.simple_tag
def bones(lines: int = 3) -> SafeString:
    """``{% bones 3 %}``: lines that stand for what is being loaded."""
    drawn = "".join(f'<span class="k-bone k-w{(2, 3, 1)[number % 3]}"></span>' for number in range(lines))
    markup = '<div class="k-stack" role="status" aria-label="{}">{}</div>'
    return format_html(markup, _("正在载入"), mark_safe(drawn))  # noqa: S308 - our own markup


@register.simple_block_tag
def alert(content: str, kind: str = "info") -> str:
    """``{% alert "warn" %}…{% endalert %}``."""
    return render_to_string("ui/parts/alert.html", {"content": content, "kind": kind})


@register.simple_block_tag
def empty(content: str, title: object, symbol: str = "") -> str:
    """``{% empty _("没有符合的客户") "search" %}<p>…</p>{% endempty %}``."""
    return render_to_string("ui/parts/empty.html", {"content": content, "title": title, "symbol": symbol})


@register.simple_block_tag
def menu(content: str, label: object, symbol: str = "dots", text: object = "", style: str = "") -> str:
    """``{% menu _("更多操作") "dots" %}…{% endmenu %}``; ``text`` makes it a worded button."""
    context = {"content": content, "label": label, "symbol": symbol, "text": text, "style": style}
    return render_to_string("ui/parts/menu.html", context)


@register.simple_block_tag
def dialog(content: str, name: str, title: object, wide: bool = False) -> str:
    """``{% dialog "confirm" _("移到回收站？") %}…{% enddialog %}``, opened by ``data-dialog="confirm"``."""
    context = {"content": content, "name": name, "title": title, "wide": wide}
    return render_to_string("ui/parts/dialog.html", context)


@register.simple_block_tag(takes_context=True)
def sheet(context: Context, content: str, title: object, action: str, **options: Any) -> str:
    """Return the form of a sheet: fields between head and foot.

    Options: ``submit`` and ``again`` (button texts), ``draft`` (key under which typing is kept),
    ``target`` (what an answer replaces, the form itself by default), ``note`` (line beside the buttons).
    """
    request = context.get("request")
    keep = {name: context.get(name) for name in ("csrf_token", "shell", "request")}
    options.setdefault("submit", _("保存"))
    chosen = {"content": content, "title": title, "action": action, **options}
    return render_to_string("ui/parts/sheet.html", keep | chosen, request)
