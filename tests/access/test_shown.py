"""What pages show to who has every right, and no more without one of them, or with it over his own alone.

One office for all lines: customers, talks, plans and tasks of the reader and of a colleague.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.followups.tests.cast import given
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.segments.actions import keep
from kebu.crm.segments.models import Segment
from kebu.crm.tagging.models import TagRule
from kebu.office.backups import alarm
from kebu.office.staff.models import Role, User
from kebu.office.tags.models import TAGS, TagGroup
from tests.access.conftest import Places
from tests.access.test_alone import EVERYTHING, reader  # noqa: F401
from tests.cast import ClientOf, MakeCustomer

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
PLAIN = """
/me/ interaction.create - data-log="/interactions/quick/
/me/ backup.manage - 设置<data value="1">
/search/?q=操作日志 journal.view - /journal/
/search/?q=示例数据 staff.manage - /demo/
/customers/{customer}/edit/ customer.assign own name="owner"
/customers/{customer}/edit/ vocabulary.manage - data-tag-add
/disputes/ customer.assign - tab=waiting
/plans/ customer.view own view=team
/plans/{plan}/completion/ interaction.create - name="summary"
/plans/{plan}/completion/ plan.create own 接着定下一个计划
/plans/ plan.edit - /plans/{mine}/completion/
/plans/?view=team&when=all plan.edit own /plans/{task}/completion/
/segments/{group}/ vocabulary.manage - "/settings/tags/rules/"
/calendar/?who={rep} customer.edit own /calendar/events/follow_up/
/ customer.edit - /desk/{own}/postponement/
/customers/{own}/ interaction.edit - /interactions/{talk}/edit/
/journal/ customer.reveal - /reveal/
"""


@pytest.fixture
def office(reader: Role, places: Places, rep: User, make_customer: MakeCustomer) -> Places:  # noqa: F811
    """What stands in the braces: ``mine`` and ``talk`` are the reader's, ``task`` is the colleague's."""
    user, now = reader.users.get(), timezone.now()
    reader.field_rules = {"customer.phone": "masked"}
    by, own = Author.for_user(user, Door.PAGE), make_customer(user)
    values = {"summary": "来电", "method": "phone", "happened_at": now, "next_follow_up_at": now}
    talk = log_interaction(own, values, contact=None, by=by, at=now, context=Context())
    make_customer(rep, next_follow_up_at=now + timedelta(minutes=1))
    group = Segment(owner=user, name="看规则的", query="view=team&sort=name")
    keep(group, by=by, at=now)
    TagRule.objects.update(where=f"and(segment.in.is:{group.pk})")
    TagGroup.objects.update(is_open=False)
    touch(TAGS)
    alarm.raise_alarm("磁盘满了")
    mine, task = given(user, make_customer(user), days=0), given(rep, None)
    keys = {"own": own.number, "talk": talk.pk, "mine": mine.pk, "task": task.pk, "group": group.pk}
    return places | {name: str(key) for name, key in keys.items()} | {"rep": str(rep.pk)}


def test_what_a_page_shows_goes_with_the_right(reader: Role, office: Places, client_of: ClientOf) -> None:  # noqa: F811
    client, wrong = client_of(reader.users.get()), list[str]()
    for line in PLAIN.strip().splitlines():
        page, right, scope, words = line.split(maxsplit=3)
        found = []
        for grants in ({}, {right: scope.strip("-")}):
            reader.grants = {one: wide for one, wide in (EVERYTHING | grants).items() if wide}
            reader.save()
            text = client.get(page.format(**office)).content.decode()
            found.append(words.format(**office) in text)
        wrong += [f"{line}: {found}"] if found != [True, False] else []
    alarm.calm()
    assert not wrong, "\n".join(wrong)
