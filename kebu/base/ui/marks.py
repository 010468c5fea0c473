"""Marks as HTML: icon, grade, type, stage, avatar, tag, badge. Rows call them often, keep them cheap."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kebu.base.ui.figures import capped
from kebu.base.ui.navigation import Entry

EMPTY = SafeString('<span class="k-dim">–</span>')
SPRITE = "icons.svg"


def asset(name: str) -> str:
    """Return the address of a built file; without a manifest (error pages, first start) the plain one."""
    try:
        return _built(name)
    except ValueError:
        return f"{settings.STATIC_URL}{name}"


@lru_cache(maxsize=64)
def _built(name: str) -> str:
    """Ask the manifest, which a process reads once, only once for each file."""
    return static(name)


@lru_cache(maxsize=16)
def fixed(name: str, language: str) -> SafeString:
    """Return a template that needs no values; ``language`` only keeps its drawings apart."""
    return render_to_string(name)


@lru_cache(maxsize=512)
def icon(name: str, extra: str = "") -> SafeString:
    """Return one picture of the sprite; decoration only, the text beside it carries the meaning."""
    classes = f"k-ico {extra}".rstrip()
    markup = '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>'
    return format_html(markup, classes, asset(SPRITE), name)


@lru_cache(maxsize=64)
def grade(letter: str) -> SafeString:
    """Return the grade mark with its letter, a dash without a grade."""
    if not letter:
        return EMPTY
    markup = '<span class="k-grade" data-grade="{}"><span class="k-sr">{}</span>{}</span>'
    return format_html(markup, letter, _("客户分级"), letter)


@lru_cache(maxsize=64)
def type_dot(value: str, label: str) -> SafeString:
    """Return a customer type: potential, intent, won or lost decide the dot, the label is read."""
    if not value:
        return EMPTY
    return format_html('<span class="k-type" data-type="{}">{}</span>', value, label)


@lru_cache(maxsize=128)
def stage_ring(step: int, label: str) -> SafeString:
    """Return a stage whose ring fills from step 1 to 7; 7 is won, 0 is dropped."""
    if not label:
        return EMPTY
    return format_html('<span class="k-stage" data-step="{}">{}</span>', step, label)


@lru_cache(maxsize=2048)
def face(name: str, extra: str = "") -> SafeString:
    """Return the avatar: the first character of the name."""
    classes = f"k-face {extra}".rstrip()
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, name[:1])


@lru_cache(maxsize=2048)
def who(name: str, is_me: bool = False, empty: str = "") -> SafeString:
    """Return avatar and name; without a name the text for nobody."""
    if not name:
        return format_html('<span class="k-dim">{}</span>', empty or _("未分配"))
    return format_html('<span class="k-who">{}{}</span>', face(name, "k-me" if is_me else ""), name)


def tags(names: Iterable[str], limit: int = 3) -> SafeString:
    """Return the first tags and how many more there are."""
    every = list(names)
    if not every:
        return SafeString("")
    shown = format_html_join("", '<span class="k-tag">{}</span>', ((name,) for name in every[:limit]))
    rest = every[limit:]
    if rest:
        markup = '<span class="k-tag" title="{}">+{}</span>'
        shown += format_html(markup, "、".join(rest), len(rest))
    return format_html('<span class="k-tags">{}</span>', shown)


@lru_cache(maxsize=1024)
def tag(name: str, colour: str = "", told: str = "") -> SafeString:
    """Return one tag in its colour; what there is to say of it stands in its title."""
    pairs = {"data-colour": colour or None, "title": told or None}
    return format_html('<span class="k-tag"{}>{}</span>', attributes(pairs), name)


def tag_with_reason(name: str, colour: str, reason: str, target: str) -> SafeString:
    """Return a tag that nobody gave by hand: pressing it tells why it is there, ``target`` is the place."""
    markup = (
        '<button type="button" class="k-tag" data-colour="{0}" title="{3}" popovertarget="{4}">'
        "{1}{2}</button>"
        '<span class="k-why" id="{4}" popover>{3}</span>'
    )
    return format_html(markup, colour, icon("wand"), name, reason, target)


def chips_of(told: Iterable[tuple[str, str, str]]) -> SafeString:
    """Return tags (name, colour, what they mean) side by side; nothing without any."""
    drawn = SafeString("").join(tag(*one) for one in told)
    return format_html('<span class="k-tags">{}</span>', SafeString(drawn)) if drawn else SafeString("")


@lru_cache(maxsize=512)
def nav_line(entry: Entry, is_current: bool) -> SafeString:
    """Return a line of the side bar; every page shows each of them twice, a phone in its dialog."""
    markup = '<a href="{}" data-go="{}"{}>{}{}{}</a>\n'
    mark = SafeString(' aria-current="page"') if is_current else ""
    badge = '<data value="{}">{}</data>'
    count = format_html(badge, entry.count, capped(entry.count, 99)) if entry.count else ""
    return format_html(markup, entry.url, entry.name, mark, icon(entry.icon), entry.label, count)


def badge(text: str, kind: str = "", symbol: str = "") -> SafeString:
    """Return a badge; ``kind`` is one of overdue, today, won, info or empty for a neutral one."""
    classes = f"k-badge k-{kind}" if kind else "k-badge"
    picture = icon(symbol) if symbol else ""
    return format_html('<span class="{}">{}{}</span>', classes, picture, text)


def attributes(pairs: Mapping[str, str | bool | None]) -> SafeString:
    """Write HTML attributes: True as a bare name, None and False not at all."""
    parts = [
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in pairs.items()
        if value is not None and value is not False
    ]
    return mark_safe("".join(parts))  # noqa: S308 - names are ours, values are escaped


def copy(value: str, label: object = "") -> SafeString:
    """Return the small button that copies a value: ``{% copy contact.phone _("复制电话") %}``."""
    markup = '<button type="button" class="k-tool" data-copy="{0}" aria-label="{1}" title="{1}">{2}</button>'
    return format_html(markup, value, label or _("复制"), icon("copy"))


def masked(text: str, target: str, url: str = "", label: object = "") -> SafeString:
    """Return a masked value; with ``url`` the button that asks to see it in full, in the place ``target``."""
    markup = '<span class="k-masked" id="{}">{}{}</span>'
    link = (
        '<a class="k-tool" href="{0}" hx-get="{0}" hx-target="#dialog" hx-swap="innerHTML" '
        'aria-label="{1}" title="{1}">{2}</a>'
    )
    words = _("显示%(label)s") % {"label": label}
    return format_html(markup, target, text, format_html(link, url, words, icon("eye")) if url else "")


def call(number: str, name: object = "") -> SafeString:
    """Return the link that dials, ``{% call contact.phone contact.name %}``; ";ext=" becomes a pause."""
    if not number:
        return SafeString("")
    label = _("打电话给%(name)s") % {"name": name} if name else _("打电话")
    markup = '<a class="k-tool" href="tel:{0}" aria-label="{1}" title="{1}">{2}</a>'
    return format_html(markup, number.replace(";ext=", ","), label, icon("phone"))
