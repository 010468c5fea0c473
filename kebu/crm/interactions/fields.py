"""The interaction's fields, in form order. The contact is chosen among the customer's own, see forms.py."""

from datetime import date
from typing import Any

from kebu.base.access.choices import FieldRule
from kebu.base.fields import days
from kebu.base.fields.choices import Level
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field, FieldSet, words
from kebu.base.fields.kinds import Choice, LongText, Reference, Text
from kebu.base.fields.numbers import Flag
from kebu.base.kit.dates import parse_date
from kebu.crm.contacts.models import Contact
from kebu.crm.interactions import choices
from kebu.crm.interactions.models import Interaction

METHOD_ALIASES = {"拜访": "visit", "面谈": "visit", "电子邮件": "email", "会议": "online", "聊天": "wechat"}


class ContactKind(Reference):
    """A contact by its key, chosen from a list and never typed; the journal keeps the name beside it."""

    def __init__(self) -> None:
        super().__init__("contact")

    def show(self, value: Any, context: Context) -> str:
        found = Contact.objects.filter(pk=value).first() if value else None
        return found.with_title if found else ""


class Deadline(days.Day):
    """A day until which something is to be done: one without its year is still to come."""

    def parse(self, text: Any, context: Context) -> date:
        return parse_date(text, context.today, "future")


INTERACTION_FIELDS = FieldSet(
    Interaction,
    "interaction",
    [
        Field("summary", LongText(), level=Level.REQUIRED, synonyms=words("沟通内容 沟通内容摘要 跟进内容")),
        Field("method", Choice(choices.Method, METHOD_ALIASES), synonyms=words("跟进方式")),
        Field("happened_at", days.Moment(), level=Level.REQUIRED, synonyms=words("跟进日期 跟进时间")),
        Field("feedback", LongText()),
        Field("need_change", LongText()),
        Field("objections", LongText()),
        Field("our_promise", LongText(), synonyms=words("承诺事项")),
        Field("our_promise_on", Deadline()),
        Field("their_promise", LongText()),
        Field("their_promise_on", Deadline()),
        Field("is_deep", Flag()),
        Field("next_step", Text(200), synonyms=words("下一步计划 下一步行动")),
        Field("next_follow_up_at", days.Moment(), synonyms=words("下次跟进")),
        Field("status", Choice(choices.FollowUpStatus), level=Level.REQUIRED),
        Field("contact", ContactKind(), is_editable=False),
    ],
    strictest=FieldRule.VISIBLE,  # who sees the customer reads what was said with it
)
