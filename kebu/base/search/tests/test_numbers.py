"""Who does not see numbers finds by whole ones at most, and guesses none bit by bit."""

import pytest

from kebu.base.search import Document, Numbers, SearchIndex

pytestmark = pytest.mark.django_db
INDEX = SearchIndex("customer")
HELD = ("CUS202405001", "+8613912345678", "+8651262850917;ext=123", "91320505MA1XBQ9X2A", "+14155552671")
PARTS = [
    "139", "1391234567", "912345678", "39123456", "05126285091", "62850917", "0917123", "320505",
    "91320505MA1X", "1415", "415555267", "+86 139", "8613912", "139 1234", "5678",
]  # fmt: skip
WHOLE = ["13912345678", "139 1234 5678", "+86 139-1234-5678", "8613912345678", "0512-62850917",
         "051262850917", "91320505ma1xbq9x2a", "14155552671", "+1 415 555 2671"]  # fmt: skip
OPEN = ["CUS202405001", "cus2024", "202405", "远近", "yuanjin", "yj 2024"]


@pytest.fixture(autouse=True)
def held(db: None) -> None:
    INDEX.rebuild([Document(1, names=("远近公司",), numbers=HELD)])


@pytest.mark.parametrize("part", PARTS)
def test_parts_of_numbers_find_nothing(part: str) -> None:
    assert INDEX.find(part) == [1]
    assert INDEX.find(part, numbers=Numbers.WHOLE) == INDEX.find(part, numbers=Numbers.NONE) == []


@pytest.mark.parametrize("whole", WHOLE)
def test_a_whole_number_finds_unless_none_may(whole: str) -> None:
    assert INDEX.find(whole, numbers=Numbers.WHOLE) == [1]
    assert INDEX.find(whole, numbers=Numbers.NONE) == []


@pytest.mark.parametrize("numbers", Numbers)
@pytest.mark.parametrize("query", OPEN)
def test_names_and_customer_numbers_are_no_secret(query: str, numbers: Numbers) -> None:
    assert INDEX.find(query, numbers=numbers) == [1]
