"""Pages of a sorted list against Python's own sorting."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kebu.base.jobs.models import Job
from kebu.base.ui.paging import Keyset, Page, Sort, capped_count

START = datetime(2026, 11, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def make_jobs(count: int, seed: int = 7) -> list[Job]:
    dice = random.Random(seed)
    rows = [
        Job(
            kind=f"k{dice.randrange(5)}",
            run_at=START + timedelta(hours=dice.randrange(6)),
            cancel_asked_at=dice.choice([None, START + timedelta(microseconds=dice.randrange(4))]),
            message=dice.choice(["", "", "甲", "乙"]),
            created_at=START,
        )
        for _ in range(count)
    ]
    return list(Job.objects.bulk_create(rows))


def expected(jobs: list[Job], sort: Sort) -> list[int]:
    def value(job: Job) -> Any:
        found = getattr(job, sort.column)
        return sort.ranks.index(found) if sort.ranks and found in sort.ranks else found

    have = [job for job in jobs if not sort.lacks(getattr(job, sort.column))]
    lack = [job for job in jobs if sort.lacks(getattr(job, sort.column))]
    have.sort(key=lambda job: (value(job), job.pk), reverse=sort.descending)
    lack.sort(key=lambda job: job.pk, reverse=sort.descending)
    return [job.pk for job in have + lack]


def walk(keyset: Keyset[Job]) -> list[Page[Job]]:
    pages = [keyset.page()]
    while pages[-1].next_cursor:
        pages.append(keyset.page(pages[-1].next_cursor))
    return pages


KINDS = ("k3", "k0", "k4", "k2", "k1")
SORTS = [
    Sort("id"),
    Sort("id", descending=True),
    Sort("kind"),
    Sort("run_at", descending=True),
    Sort("cancel_asked_at", nullable=True),
    Sort("cancel_asked_at", descending=True, nullable=True),
    Sort("message", blank=True),
    Sort("message", descending=True, blank=True),
    Sort("kind", ranks=KINDS),
    Sort("kind", descending=True, ranks=KINDS),
    Sort("message", blank=True, ranks=("乙", "甲")),
    Sort("message", descending=True, blank=True, ranks=("乙", "甲")),
]


@pytest.mark.parametrize("sort", SORTS, ids=str)
def test_pages_show_every_row_once_in_order_both_ways(sort: Sort) -> None:
    jobs = make_jobs(53)
    keyset = Keyset(Job.objects.all(), sort, size=10)
    forward = walk(keyset)
    order = expected(jobs, sort)
    assert [job.pk for page in forward for job in page.items] == order
    assert [page.first_index for page in forward] == [1, 11, 21, 31, 41, 51]
    assert forward[-1].last_index == 53
    backward = [forward[-1]]
    while backward[-1].prev_cursor:
        backward.append(keyset.page(backward[-1].prev_cursor))
    assert [job.pk for page in reversed(backward[1:]) for job in page.items] == order[:50]
    assert [page.first_index for page in backward] == [51, 41, 31, 21, 11, 1]


def test_the_last_page_has_no_next_and_the_first_no_previous() -> None:
    make_jobs(20)
    first, last = walk(Keyset(Job.objects.all(), Sort("id"), size=10))
    assert (first.prev_cursor, last.next_cursor) == ("", "")


@pytest.mark.parametrize("sort", SORTS, ids=str)
def test_the_rows_beside_each_row(sort: Sort) -> None:
    jobs = {job.pk: job for job in make_jobs(23)}
    order = [None, *expected(list(jobs.values()), sort), None]
    keyset = Keyset(Job.objects.all(), sort)
    for before, pk, after in zip(order, order[1:-1], order[2:], strict=False):
        found = keyset.beside(jobs[pk or 0])
        assert [job and job.pk for job in found] == [before, after]


def test_a_row_of_no_rank_has_no_place() -> None:
    jobs = make_jobs(3)
    jobs[0].kind = "k9"
    assert Keyset(Job.objects.all(), Sort("kind", ranks=KINDS)).beside(jobs[0]) == (None, None)


def test_a_page_costs_two_statements_at_most() -> None:
    make_jobs(30)
    keyset = Keyset(Job.objects.all(), Sort("cancel_asked_at", nullable=True), size=25)
    cursor = keyset.page().next_cursor
    with CaptureQueriesContext(connection) as queries:
        assert keyset.page(cursor).items
    assert len(queries) <= 2


FORGED = [
    "x",
    "%%%",
    "e30",
    "W10",
    "WzAsMSwxLCJ4Il0",
    "WzAsMSwxLDVd",
    "A" * 5000,
    "\x00",
    "WzAsMCwxLG51bGxd",
    "中文",
]


@pytest.mark.parametrize("text", FORGED)
@pytest.mark.parametrize(
    "sort", [Sort("id"), Sort("run_at"), Sort("cancel_asked_at", nullable=True)], ids=str
)
def test_a_forged_cursor_leads_to_the_first_page(text: str, sort: Sort) -> None:
    make_jobs(5)
    keyset = Keyset(Job.objects.all(), sort, size=3)
    assert [job.pk for job in keyset.page(text).items] == [job.pk for job in keyset.page().items]


def test_a_cursor_of_another_list_never_fails() -> None:
    make_jobs(30)
    cursors = [page.next_cursor for sort in SORTS for page in walk(Keyset(Job.objects.all(), sort, size=10))]
    for sort in SORTS:
        for cursor in cursors:
            assert Keyset(Job.objects.all(), sort, size=10).page(cursor).items


def test_a_cursor_whose_rows_are_gone_leads_to_the_first_page() -> None:
    jobs = make_jobs(12)
    keyset = Keyset(Job.objects.all(), Sort("id"), size=10)
    cursor = keyset.page().next_cursor
    Job.objects.filter(pk__gt=jobs[9].pk).delete()
    assert keyset.page(cursor).first_index == 1


@pytest.mark.parametrize(("cap", "shown"), [(4, "4+"), (5, "5"), (100, "5")])
def test_counting_stops_at_the_cap(cap: int, shown: str) -> None:
    make_jobs(5)
    assert str(capped_count(Job.objects.order_by("kind"), cap)) == shown
