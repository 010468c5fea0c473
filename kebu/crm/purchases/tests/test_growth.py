"""Whether somebody buys more: the two stretches, what they are compared by, and where the line lies."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kebu.crm.purchases.choices import Measure
from kebu.crm.purchases.growth import Bought, Compared, Window

TODAY = date(2026, 11, 22)
Lot = tuple[int, str | None, str | None, str]  # days ago, amount, quantity, unit


def window(lots: Sequence[Lot], days: int = 90) -> Window:
    found = Window(TODAY, days)
    for ago, amount, quantity, unit in lots:
        sums = [None if text is None else Decimal(text) for text in (amount, quantity)]
        found.add(Bought(TODAY - timedelta(days=ago), sums[0], sums[1], unit))
    return found


def paid(ago: int, amount: str) -> Lot:
    return (ago, amount, None, "")


def weighed(ago: int, quantity: str, unit: str = "吨") -> Lot:
    return (ago, None, quantity, unit)


@pytest.mark.parametrize(
    ("now", "before", "percent", "has_grown"),
    [
        ("120", "100", 20, False),  # exactly so much is not more
        ("120.01", "100", 20, True),
        ("119.99", "100", 20, False),
        ("0.13", "0.1", 20, True),
        ("600", "100", 500, False),
        ("600.01", "100", 500, True),
        ("9999999999999.99", "8333333333333.33", 20, False),
        ("9999999999999.99", "8333333333333.32", 20, True),
        ("50", "100", 20, False),
    ],
)
def test_more_is_more_than_the_rule_says_to_the_last_cent(
    now: str, before: str, percent: int, has_grown: bool
) -> None:
    assert bool(window([paid(0, now), paid(90, before)]).grown(percent)) is has_grown


def test_the_stretches_end_today_and_lie_side_by_side() -> None:
    found = window(
        [paid(-1, "1"), paid(0, "2"), paid(89, "4"), paid(90, "8"), paid(179, "16"), paid(180, "32")]
    )
    assert found.compared == Compared(Measure.AMOUNT, "", Decimal(24), Decimal(6), 90)
    assert window([paid(29, "3"), paid(30, "5")], days=30).compared == (
        Measure.AMOUNT, "", Decimal(5), Decimal(3), 30,
    )  # fmt: skip


def test_from_nothing_nothing_grows() -> None:
    found = window([paid(0, "100")])
    assert found.grown(20) is None
    assert found.compared is not None
    assert found.compared.sentence(20) == "近90天采购100元，之前90天没有采购"
    empty = window([])
    assert (empty.compared, empty.reason, empty.is_empty) == (None, "", True)


def test_by_quantity_where_an_amount_is_missing_and_all_are_of_one_unit() -> None:
    lots = [weighed(1, "12.5"), (2, "900", "1", "吨"), weighed(100, "10")]
    found = window(lots).compared
    assert found == (Measure.QUANTITY, "吨", Decimal(10), Decimal("13.5"), 90)
    assert found.sentence(20) == "近90天采购13.5吨，之前90天10吨，多35%"


@pytest.mark.parametrize(
    "lots",
    [
        [weighed(1, "12"), weighed(100, "10", "台")],
        [weighed(1, "12"), weighed(2, "1", ""), weighed(100, "10")],
        [weighed(1, "12"), paid(100, "10")],
        [paid(1, "12"), weighed(100, "10")],
        [weighed(1, "5"), weighed(2, "5", "件"), weighed(3, "5")],
    ],
)
def test_what_has_no_common_measure_is_not_compared_and_that_is_said(lots: list[Lot]) -> None:
    found = window(lots)
    assert (found.compared, found.grown(1)) == (None, None)
    assert found.reason == "近90天和之前90天的采购有的没写金额，数量也不是同一个单位，比不出增减"


@pytest.mark.parametrize(
    ("now", "before", "sentence"),
    [
        ("524000", "400000", "近90天采购52.4万元，之前90天40万元，多31%"),
        (
            "480096",
            "400000",
            "近90天采购480,096元，之前90天40万元，多20.02%",
        ),  # never 20 % where that is the line
        ("480000", "400000", "近90天采购48万元，之前90天40万元，多20%"),
        ("300000", "400000", "近90天采购30万元，之前90天40万元，少25%"),
        ("400000", "400000", "近90天采购40万元，和之前90天一样多"),
    ],
)
def test_it_explains_itself(now: str, before: str, sentence: str) -> None:
    found = window([paid(0, now), paid(90, before)]).compared
    assert found is not None
    assert found.sentence(20) == sentence


def test_who_stopped_buying_is_told_so() -> None:
    found = window([paid(90, "120000000")]).compared
    assert found is not None
    assert found.sentence(20) == "近90天没有采购，之前90天1.2亿元"


SUMS = st.none() | st.decimals("0.01", "99999", places=2)
LOTS = st.lists(st.tuples(st.integers(-3, 70), SUMS, SUMS, st.sampled_from(["", "吨", "台"])), max_size=12)


@given(LOTS, st.integers(1, 60), st.integers(1, 30))
def test_against_whoever_reckons_by_hand(
    lots: list[tuple[int, Decimal | None, Decimal | None, str]], percent: int, days: int
) -> None:
    found = Window(TODAY, days)
    for ago, amount, quantity, unit in lots:
        found.add(Bought(TODAY - timedelta(days=ago), amount, quantity, unit))
    now = [one for one in lots if 0 <= one[0] < days]
    before = [one for one in lots if days <= one[0] < 2 * days]
    both, sums = [*now, *before], None
    if both and all(one[1] is not None for one in both):
        sums = [sum(Fraction(one[1] or 0) for one in part) for part in (before, now)]
    elif both and all(one[2] is not None for one in both) and len({one[3] for one in both}) == 1:
        sums = [sum(Fraction(one[2] or 0) for one in part) for part in (before, now)]
    told = found.compared
    assert (told is None) == (sums is None)
    if told is not None and sums is not None:
        assert [Fraction(told.before), Fraction(told.now)] == sums
        has_grown = sums[0] > 0 and sums[1] / sums[0] - 1 > Fraction(percent, 100)
        assert (found.grown(percent) is not None) is has_grown
        assert told.sentence(percent)
