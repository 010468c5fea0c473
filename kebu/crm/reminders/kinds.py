"""The kinds of notices of this room: one per rule."""

from django.utils.translation import gettext_lazy as _

from kebu.crm.reminders.choices import Rule
from kebu.office.notices.choices import QUIET, USUAL
from kebu.office.notices.kinds import Kind, register

GROUP = _("提醒")
HELP = {
    Rule.PLAN_DUE: _("计划开始和截止以前，按自己选的提前时间"),
    Rule.FOLLOW_UP_DUE: _("客户的下次跟进以前，按自己选的提前时间"),
    Rule.OVERDUE: _("过了时间还没做的计划和跟进，每天早上一次"),
    Rule.ESCALATED: _("部门里的人逾期太久，告诉部门主管"),
    Rule.UNTOUCHED: _("自己的客户很久没有联系"),
    Rule.MISSING: _("联系过却没有定下一次"),
    Rule.ASSIGNED: _("别人把客户交给了我"),
    Rule.PROMISE: _("答应客户的快到期，客户答应的过期了"),
    Rule.PROPOSAL: _("改了关键联系人、需求或预算，还没有人说是不是重要变更"),
    Rule.NEED: _("客户定期采购的日子快到了"),
    Rule.KEY_DATE: _("客户的合同、质保快到期，该回访、祝贺的日子快到了"),
    Rule.POOL: _("自己的客户太久没有跟进，再不跟进就自动回到公海"),
    Rule.CHURN: _("自己的成交客户沟通少了、采购没来、合同没续，一条预警说一次"),
    Rule.GROWTH: _("自己负责、协作或下属的客户买得比以前多，一次增长说一次"),
    Rule.DIGEST: _("今天有哪些计划、跟进、承诺、重要日子，早上8:30一条"),
}
TEAM = (
    Rule.ASSIGNED,
    Rule.PROMISE,
    Rule.PROPOSAL,
    Rule.NEED,
    Rule.KEY_DATE,
    Rule.CHURN,
    Rule.GROWTH,
)  # the others are between one and himself
LESS = (Rule.UNTOUCHED, Rule.MISSING)


def announce() -> None:
    """Register them, when the rooms are ready."""
    for rule in Rule:
        ways = QUIET if rule in LESS else USUAL
        register(Kind(rule.value, rule.label, GROUP, HELP[rule], ways, rule in TEAM))
