"""However many records match, the conditions of hits() let the same ones through as find()."""

import pytest
from django.db import connection
from django.db.models import Q

from kebu.base.search import Document, SearchIndex, index
from kebu.base.search.engines import ENGINES
from kebu.base.search.models import CustomerEntry
from kebu.base.search.terms import terms, undecided

pytestmark = pytest.mark.django_db
INDEX = SearchIndex("customer")


def ids(condition: Q) -> list[int]:
    return sorted(CustomerEntry.objects.filter(condition).values_list("id", flat=True), reverse=True)


@pytest.mark.parametrize("every", [1, 3, 40])
@pytest.mark.parametrize("many", [2, 4, 5, 8, 9, 30])
def test_few_or_many_dense_or_thin(monkeypatch: pytest.MonkeyPatch, many: int, every: int) -> None:
    monkeypatch.setattr(index, "SOME", 5)
    monkeypatch.setattr(ENGINES[connection.vendor], "MANY", 9)
    monkeypatch.setattr(index, "FEW", 8)
    names = ("远近公司" if number % every == 0 else "别的公司" for number in range(many * every))
    INDEX.rebuild(Document(number, names=(name,), labels=("o1",)) for number, name in enumerate(names, 1))
    for labels in (None, ["o1"], ["o2"], []):
        hits = INDEX.hits("远近", labels)
        assert ids(hits.all) == INDEX.find("远近", labels)
        if hits.some is not None:
            assert ids(hits.some) == [*hits.newest] == INDEX.find("远近", labels)[:5]


def test_common_and_dense_is_judged_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "SOME", 5)
    INDEX.rebuild(Document(number, names=("远近公司",)) for number in range(1, 9))
    assert INDEX.hits("远近").some is not None
    assert INDEX.hits("远近公司 别").some is None


@pytest.mark.parametrize("query", ["海", "海纳", "12", "hn", "ha", "138", "1381", "hnk", "hnkj"])
def test_a_gram_decides_alone(query: str) -> None:
    assert undecided(terms(query)) == []


@pytest.mark.parametrize("query", ["海纳科", "13812", "86123", "hnkjs", "hainak", "haina", "+86 138"])
def test_longer_texts_are_judged_by_the_text(query: str) -> None:
    assert undecided(terms(query))


def test_behind_the_country_code_a_number_begins() -> None:
    INDEX.rebuild(
        [
            Document(1, names=("甲",), numbers=("+8612345678901",)),
            Document(2, names=("乙",), numbers=("+8619991231234",)),
        ]
    )
    assert INDEX.find("86123") == [1]
