"""The plan's fields, in form order. Customer and contact are chosen on the form, see forms.py."""

from kebu.base.access.choices import FieldRule
from kebu.base.fields import days
from kebu.base.fields.choices import Level
from kebu.base.fields.fieldsets import Field, FieldSet, words
from kebu.base.fields.kinds import Choice, LongText, Text
from kebu.crm.followups import choices
from kebu.crm.followups.kinds import People
from kebu.crm.followups.models import Plan
from kebu.crm.interactions.choices import Method
from kebu.crm.interactions.fields import METHOD_ALIASES, ContactKind

PLAN_FIELDS = FieldSet(
    Plan,
    "plan",
    [
        Field("goal", Text(200), level=Level.REQUIRED, synonyms=words("目标")),
        Field("kind", Choice(choices.PlanKind)),
        Field("method", Choice(Method, METHOD_ALIASES), synonyms=words("方式")),
        Field("expected", Text(300), level=Level.REQUIRED, synonyms=words("成果")),
        Field("first_at", days.Moment(), is_editable=False),
        Field("starts_at", days.Moment(), level=Level.REQUIRED, synonyms=words("下次跟进")),
        Field("due_at", days.Moment(), level=Level.REQUIRED, synonyms=words("截止")),
        Field("executors", People(), attribute="executor_ids", label="执行人", level=Level.REQUIRED),
        Field("requirement", LongText()),
        Field("status", Choice(choices.PlanStatus), is_editable=False),
        Field("result", LongText(), is_editable=False),
        Field("contact", ContactKind(), is_editable=False),
    ],
    strictest=FieldRule.VISIBLE,  # who sees the customer sees what is planned with it
)
