"""The pages of the working calendar, and notices as they are published."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.test import Client

from kebu.base.jobs.models import Job
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.errors import Unreadable
from kebu.office.staff.models import User
from kebu.office.workdays.choices import DayKind, Origin
from kebu.office.workdays.models import OfficeDay
from kebu.office.workdays.notices import read_notice
from kebu.office.workdays.queries import calendar, is_workday
from tests.cast import ClientOf

Guard = Callable[[], AbstractContextManager[None]]
NOTICE_2026 = """经国务院批准，现将2026年元旦、春节等放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班。
"""
NOTICE_2027 = """一、元旦：2027年1月1日（周五）至3日（周日）放假。
二、春节：2月5日至11日放假调休。1月31日（周日）、2月20日（周六）上班。
2027-12-31,放假,元旦
"""


@pytest.fixture
def office(admin: User, client_of: ClientOf) -> Client:
    return client_of(admin)


@pytest.mark.django_db
def test_the_published_notice_comes_to_the_shipped_days() -> None:
    found = {one.day: one.kind for one in read_notice(NOTICE_2026, 2026)}
    year = [date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]
    for day in year:
        is_worked = found[day] is DayKind.WORK if day in found else day.weekday() < 5
        assert is_worked == is_workday(day), day
    assert {one.name for one in read_notice(NOTICE_2026, 2026)} >= {"元旦", "春节", "国庆节"}


@pytest.mark.parametrize(
    ("text", "year", "said"),
    [
        (NOTICE_2026, 2027, "另一年的通知"),
        ("大家放假愉快", 2027, "没有认出放假的日子"),
        ("2027-02-30,放假,春节", 2027, "没有2027年2月30日"),
        ("2031-02-05,放假,春节", 2027, "没有2027年的日子"),
        ("2027-02-05,放假,春节\n2027-02-05,上班,春节", 2027, "又放假又上班"),
        ("一、春节：2月5日至12月5日放假", 2027, "太长了"),
    ],
)
def test_what_is_no_notice_of_the_year_is_refused(text: str, year: int, said: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_notice(text, year)
    assert said in refusal.value.message


def test_pages_open_and_say_what_is_not_known(office: Client, read_only: Guard) -> None:
    for url in ("", "?year=2027", "?year=1988", "?year=x", "new/", "notice/?year=2027"):
        with read_only():
            assert office.get(f"/settings/workdays/{url}").status_code == 200
    assert "放假通知还没有" in office.get("/settings/workdays/?year=2027").content.decode()
    page = office.get("/settings/workdays/?year=2026").content.decode()
    assert "放假通知还没有" not in page
    assert "国庆节调休上班" in page


def test_a_notice_is_taken_in_and_everybody_is_planned_anew(office: Client, read_only: Guard) -> None:
    data = {"year": 2027, "text": NOTICE_2027}
    with read_only():
        shown = office.post("/settings/workdays/notice/recognised/", data).content.decode()
    assert "2027-02-20" in shown
    assert office.post("/settings/workdays/notice/", data).status_code == 302
    assert calendar().is_known(2027)
    assert is_workday(date(2027, 2, 20))
    assert not is_workday(date(2027, 2, 11))
    assert calendar().name(date(2027, 2, 20)) == "春节调休上班"
    assert Job.objects.filter(kind="cadence.work").exists()
    office.post("/settings/workdays/notice/", {"year": 2027, "text": "2027-02-05,放假,春节"})
    assert OfficeDay.objects.filter(origin=Origin.NOTICE).count() == 1  # in its place
    assert JournalEntry.objects.filter(kind="office-day").count() == 2


def test_a_day_of_the_office_is_added_changed_and_taken_back(office: Client) -> None:
    data = {"day": "2026-12-31", "kind": "off", "name": "公司年会"}
    office.post("/settings/workdays/new/", data)
    row = OfficeDay.objects.get()
    assert not is_workday(date(2026, 12, 31))
    again = office.post("/settings/workdays/new/", data)
    assert again.status_code == 422
    assert "已经写过了" in again.content.decode()
    address = f"/settings/workdays/{row.pk}/"
    assert office.post(address, {**data, "name": "年会", "version": 1}).status_code == 302
    stale = office.post(address, {**data, "name": "放假", "version": 1})
    assert stale.status_code == 422
    assert "刚被别人改过" in stale.content.decode()
    assert office.post(f"{address}removal/").status_code == 302
    assert is_workday(date(2026, 12, 31))
    assert JournalEntry.objects.filter(kind="office-day").count() == 3
