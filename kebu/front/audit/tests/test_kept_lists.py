"""The journal says what a kept view asks for as the list does, and names nothing closed to the reader."""

import re

import pytest

from kebu.base.fields.directories import Context
from kebu.base.journal.models import JournalEntry
from kebu.crm.segments.models import SavedView
from kebu.front.audit.words import pairs_of
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db
ASKED = "?grade=A&budget.above=100000&contact.title.contains=总监&remark.empty=1&q=周&sort=-name"


def test_conditions_are_told_in_chinese(rep: User, admin: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    assert client.post(f"/views/new/{ASKED}", {"name": "重点"}).status_code == 302
    view = SavedView.objects.get()
    assert client.post(f"/views/{view.pk}/state/?grade=B", {"version": view.version}).status_code < 400
    made, changed = (
        next(pair for pair in pairs_of(entry, Context(reader=admin)) if pair.label == "条件")
        for entry in JournalEntry.objects.filter(kind="view").order_by("pk")
    )
    said = ["客户分级是…", "预算范围不小于…", "联系人职位包含…", "备注没有填", "标签页", "搜索", "排序"]
    assert sorted(made.after.split("、")) == sorted(said)
    assert changed.before == made.after
    page = client_of(admin).get("/journal/?kind=view").content.decode()
    assert "预算范围不小于…" in page
    assert not re.search(r"budget|grade|contact\.title", re.sub("<[^>]+>", " ", page))


def test_what_is_closed_or_gone_is_not_named(rep: User) -> None:
    entry = JournalEntry(kind="segment", action="change")
    entry.changes = {"query": [["grade", "budget"], ["budget.above", "lost_field.contains"]]}
    Role.objects.filter(code="sales").update(field_rules={"customer.budget": "hidden"})
    context = Context(reader=User.objects.get(pk=rep.pk))
    (pair,) = pairs_of(entry, context)
    assert pair.before.endswith("是…、对你不开放或已经没有的条件")
    assert pair.after == "对你不开放或已经没有的条件"
