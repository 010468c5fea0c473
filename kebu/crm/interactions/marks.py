"""An interaction as HTML, drawn at once: a history shows twenty of them."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kebu.base.ui import marks, moments
from kebu.base.ui.navigation import address
from kebu.crm.interactions.choices import FollowUpStatus
from kebu.crm.interactions.models import Interaction

ENTRY = (
    '<li id="interaction-{}"><span class="k-dot">{}</span><div class="k-entry">'
    '<header><b>{}</b><span>{}</span>{}{}</header><p class="k-pre">{}</p>\n{}</div></li>'
)
TOOL = (
    '<a class="k-tool" href="{0}" hx-get="{0}" hx-target="#sheet" hx-swap="innerHTML" '
    'aria-label="{1}" title="{2}">{3}</a>'
)


def entry(interaction: Interaction, *, can_edit: bool, is_short: bool = False) -> SafeString:
    """Return the line of a history; the short one names the day itself and leaves the points out."""
    return format_html(
        ENTRY,
        interaction.pk,
        marks.icon(interaction.icon),
        interaction.method_label,
        _people(interaction),
        moments.clock_html(interaction.happened_at, with_day=is_short),
        _tool(interaction) if can_edit else "",
        interaction.summary,
        "" if is_short else _points(interaction),
    )


def _people(interaction: Interaction) -> SafeString:
    """Who talked to whom, and what one should know about it."""
    contact = f" → {interaction.contact.name}" if interaction.contact else ""
    notes = []
    if interaction.is_late:
        notes.append(marks.badge(_("超过24小时才记"), "today"))
    if interaction.status == FollowUpStatus.WAITING:
        notes.append(marks.badge(_("待客户反馈")))
    return format_html("{}{}" + " {}" * len(notes), interaction.author_name, contact, *notes)


def _tool(interaction: Interaction) -> SafeString:
    url = address("interactions:edit", interaction.pk)
    return format_html(TOOL, url, _("修改这次跟进"), _("修改"), marks.icon("pencil"))


def _points(interaction: Interaction) -> SafeString:
    points = format_html_join("", '<dt>{}</dt><dd class="k-pre">{}</dd>', interaction.points)
    return format_html('<dl class="k-points">{}</dl>', points) if points else points
