"""The exports of the demo: what supervisors and administrators took out lately."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from kebu.base.access.choices import Permission
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.tables.registry import TABLES, Asked
from kebu.crm.customers.models import Customer
from kebu.exchange.exports.actions import begin, make
from kebu.exchange.exports.choices import Form
from kebu.exchange.exports.models import Export
from kebu.exchange.exports.queries import folder
from kebu.office.staff.models import User

MOST = 80  # rows of a file


class Story(NamedTuple):
    """One file: which customers, in which columns, what for, how many hours ago."""

    words: str
    facts: dict[str, str]
    template: str
    form: str
    reason: str
    hours: int


WON, BEST, PROSPECTS = {"customer_type": "won"}, {"grade": "A"}, {"customer_type": "prospect"}
STORIES = (
    Story("团队的客户，客户类型是成交客户", WON, "basic", Form.XLSX, "年底寄挂历，交行政核对地址", 76),
    Story("团队的客户，客户分级是A级", BEST, "base", Form.XLSX, "周一销售例会，逐个过A级客户", 29),
    Story("团队的客户，客户类型是意向客户", PROSPECTS, "collection", Form.CSV, "展会前核对邀请名单", 3),
)


def write_exports(user_ids: Sequence[int], *, now: datetime, by: Author) -> None:
    """Files of those of these people who may take customers out."""
    table = TABLES["customers"]
    for user in User.objects.filter(pk__in=user_ids, is_active=True).order_by("pk"):
        if not user.can(Permission.CUSTOMER_EXPORT):
            continue
        for place, story in enumerate(STORIES):
            reach = table.rows(user).filter(**story.facts).order_by("pk").values_list("pk", flat=True)
            rows = Customer.objects.filter(pk__in=list(reach[:MOST]))
            if not rows.exists():
                continue
            template = next(one for one in table.templates if one.code == story.template)
            at = now - timedelta(hours=story.hours)
            told = {"form": story.form, "template": story.template, "reason": story.reason}
            asked, key = Asked(rows, story.words), f"demo-{user.pk}-{place}-{now.date()}"
            wanted = [(column, str(head)) for column, head in template.columns]
            export = begin(table, asked, wanted, key=key, by=user, at=at, **told)
            Job.objects.filter(pk=export.job_id or 0).delete()  # made here, at once
            if export.is_working:
                make(export, lambda _done, _total: None, lambda: None, by=by, at=at)


def remove_exports(user_ids: Sequence[int]) -> None:
    """Take their files away, and what is known of them."""
    mine = Export.objects.filter(owner__in=user_ids)
    for path in mine.exclude(path="").values_list("path", flat=True):
        (folder() / path).unlink(missing_ok=True)
    mine.delete()
