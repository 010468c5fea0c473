"""Size bands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kebu.base.kit.errors import Unreadable
from kebu.base.kit.sizes import (
    HEADCOUNTS,
    REVENUES,
    parse_headcount,
    parse_revenue,
    parse_size,
)
from kebu.crm.customers.choices import Headcount, Revenue


@pytest.mark.parametrize("band", HEADCOUNTS, ids=lambda band: band.code)
def test_a_headcount_label_reads_as_itself(band: object) -> None:
    assert parse_headcount(str(band.label)) == band.code  # type: ignore[attr-defined]


@pytest.mark.parametrize("band", REVENUES, ids=lambda band: band.code)
def test_a_revenue_label_reads_as_itself(band: object) -> None:
    assert parse_revenue(str(band.label)) == band.code  # type: ignore[attr-defined]


def test_bands_are_the_choices_of_a_customer() -> None:
    for bands, choices in ((HEADCOUNTS, Headcount), (REVENUES, Revenue)):
        assert [(band.code, str(band.label)) for band in bands] == choices.choices


@given(st.integers(0, 10**12))
def test_every_number_lies_in_exactly_one_band(number: int) -> None:
    for bands in (HEADCOUNTS, REVENUES):
        assert sum(band.low <= number and (band.high is None or number < band.high) for band in bands) == 1


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("约300人", "100-500人"),
        ("300", "100-500人"),
        ("员工500余人", "500-1000人"),
        ("49人", "50人以下"),
        ("50人", "50-100人"),
        ("1,200人", "1000人以上"),
        ("100～500人", "100-500人"),
        ("3万人", "1000人以上"),
    ],
)
def test_headcounts(written: str, label: str) -> None:
    assert {str(band.label): band.code for band in HEADCOUNTS}[label] == parse_headcount(written)


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("5000万", "2000万-1亿"),
        ("1.2亿元", "1亿-5亿"),
        ("年营收2000万-1亿", "2000万-1亿"),
        ("300万", "500万以下"),
    ],
)
def test_revenues(written: str, label: str) -> None:
    assert {str(band.label): band.code for band in REVENUES}[label] == parse_revenue(written)


@pytest.mark.parametrize(
    ("written", "people", "revenue"),
    [
        ("100-500人/5000万", "100_500", "20m_100m"),
        ("100-500人", "100_500", None),
        ("5000万", None, "20m_100m"),
        ("120人，1.2亿", "100_500", "100m_500m"),
        ("300", "100_500", None),
        ("1,200人", "gte1000", None),
        ("", None, None),
    ],
)
def test_a_column_may_hold_either_or_both(written: str, people: str | None, revenue: str | None) -> None:
    assert parse_size(written) == (people, revenue)


def test_refusals_name_the_remedy() -> None:
    with pytest.raises(Unreadable, match="看不出人数，请写成100-500人"):
        parse_headcount("很多")
    with pytest.raises(Unreadable, match="看不出年营收"):
        parse_revenue("大")
