"""What people type finds what they mean; writing keeps the index true."""

import pytest
from django.db import connection, transaction

from kebu.base.kit.lately import Lately
from kebu.base.search import Document, SearchIndex, index
from kebu.base.search.engine_postgresql import BLOCK_BITS
from kebu.base.search.models import CustomerEntry
from kebu.base.search.shares import share_of

pytestmark = pytest.mark.django_db
INDEX = SearchIndex("customer")

HAINA = Document(
    1,
    names=("江苏海纳科技有限公司",),
    people=("张伟", "单雄信"),
    numbers=("+8613812345678", "+8651262850917;ext=123", "CUS202405001", "91320594MA1XYZ1234"),
    labels=("o17",),
)
ZENG = Document(
    2, names=("曾氏贸易（苏州）有限公司",), people=("仇小敏",), numbers=("+864001234567",), labels=("o18",)
)
SUN = Document(
    3, names=("Ｓｕｎ Valley 3M中国",), people=("尉迟恭",), numbers=("+14155550100",), labels=("oz",)
)


@pytest.fixture(autouse=True)
def three_records() -> None:
    INDEX.rebuild([HAINA, ZENG, SUN])


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("海", [1]),
        ("纳科", [1]),
        ("有限公司", [2, 1]),
        ("张伟", [1]),
        ("海纳 张伟", [1]),
        ("海纳 仇", []),
        ("（苏州）", [2]),
        ("贸易(苏州)有限", [2]),
        ("贸易苏州", [2]),
        ("SUN", [3]),
        ("ｖａｌｌ", [3]),
        ("lley", [3]),
        ("3m中", [3]),
        ("zw", [1]),
        ("zhangw", [1]),
        ("zhangwei", [1]),
        ("hangwei", []),
        ("hnkj", [1]),
        ("haina", [1]),
        ("nakeji", [1]),
        ("haike", []),
        ("张wei", [1]),
        ("shan", [1]),
        ("shanxiongxin", [1]),
        ("dan", []),
        ("qiuxm", []),
        ("qxm", [2]),
        ("zengshi", [2]),
        ("weichi", []),
        ("yuchigong", [3]),
        ("1234", [2, 1]),
        ("138 1234 5678", [1]),
        ("13812345678", [1]),
        ("+86 138-1234-5678", [1]),
        ("008613812", [1]),
        ("0512-62850917", [1]),
        ("+86512628", [1]),
        ("62850917-123", [1]),
        ("400-123", [2]),
        ("+1 415 555", [3]),
        ("40", [2]),
        ("67", []),
        ("CUS202405001", [1]),
        ("cus2024", [1]),
        ("405001", [1]),
        ("MA1XYZ", [1]),
        ("科技贸易", []),
    ],
)
def test_what_people_type(query: str, ids: list[int]) -> None:
    assert INDEX.find(query) == ids
    assert [each.id for each in CustomerEntry.objects.filter(INDEX.condition(query)).order_by("-id")] == ids


@pytest.mark.parametrize(
    "query", ["", "  ", "，。！", "***", '"', "'", "()&|!:*", "@#^~=", "\\", "%", "_", "\0"]
)
def test_nothing_to_look_for(query: str) -> None:
    """Punctuation alone finds nothing and, as a condition, filters nothing."""
    assert INDEX.find(query) == []
    assert CustomerEntry.objects.filter(INDEX.condition(query)).count() == 3


@pytest.mark.parametrize("sign", [*"\"'()&|!:*@#^~=\\%_-+<>{}[]$;\0\u200b", "' | '", '" OR "', "\\'"])
def test_signs_never_break_a_query(sign: str) -> None:
    assert INDEX.find(f"{sign}海纳{sign}") == ([] if "OR" in sign else [1])
    assert INDEX.find(f"海{sign}纳") == ([] if "OR" in sign else [1])


@pytest.mark.parametrize("word", ["OR", "AND", "NOT", "NEAR(海 纳)"])
def test_operators_are_words(word: str) -> None:
    assert INDEX.find(f"海纳 {word}") == []


def test_a_very_long_query_is_cut() -> None:
    assert INDEX.find("海纳 " * 500) == [1]
    assert INDEX.find("xian" * 500) == []


def test_labels_limit_what_is_found() -> None:
    assert INDEX.find("有限", labels=["o17"]) == [1]
    assert INDEX.find("有限", labels=["o17", "o18"]) == [2, 1]
    assert INDEX.find("有限", labels=["o1"]) == []
    assert INDEX.find("有限", labels=[]) == []
    assert CustomerEntry.objects.filter(INDEX.condition("有限", labels=["o18"])).get().id == 2
    assert CustomerEntry.objects.filter(INDEX.condition("", labels=["o18"])).get().id == 2
    assert not CustomerEntry.objects.filter(INDEX.condition("", labels=[])).exists()


def test_a_label_is_letters_and_digits() -> None:
    with pytest.raises(ValueError, match="label"):
        INDEX.find("有限", labels=['o17" OR "海'])


def test_relabel() -> None:
    INDEX.relabel([1, 2, 99], ["o20"])
    assert INDEX.find("有限", labels=["o17"]) == []
    assert INDEX.find("有限", labels=["o20"]) == [2, 1]
    assert INDEX.find("海纳", labels=["o20"]) == [1]


def test_replace_forgets_the_old_text() -> None:
    INDEX.put([Document(1, names=("北京天恩实业",))])
    assert INDEX.find("海纳") == INDEX.find("hnkj") == INDEX.find("13812345678") == []
    assert INDEX.find("天恩") == INDEX.find("tesy") == [1]


def test_the_last_of_two_documents_wins() -> None:
    INDEX.put([Document(7, names=("甲乙",)), Document(7, names=("丙丁",))])
    assert INDEX.find("甲乙") == []
    assert INDEX.find("丙丁") == [7]


def test_remove() -> None:
    INDEX.remove([1, 99])
    assert INDEX.find("海纳") == []
    assert INDEX.find("有限") == [2]
    INDEX.put([HAINA])
    assert INDEX.find("有限") == [2, 1]


def test_rebuild_forgets_everything_else() -> None:
    INDEX.rebuild([ZENG])
    assert INDEX.find("有限") == [2]


def test_limit_keeps_the_newest() -> None:
    assert INDEX.find("有限", limit=1) == [2]
    assert INDEX.find("有限", limit=0) == []


def test_a_newest_first_walk_crosses_every_block() -> None:
    """Few matches lie far apart in a large book: each is found, in order, whatever the limit."""
    ids = sorted({1, *(1 << bits for bits in BLOCK_BITS), *(3 << bits for bits in BLOCK_BITS), 5_000_000})
    INDEX.rebuild(Document(number, names=("远近公司",)) for number in ids)
    for limit in range(1, len(ids) + 2):
        assert INDEX.find("远近", limit=limit) == ids[::-1][:limit]


@pytest.mark.parametrize("every", [1, 2, 7, 30])
def test_reaching_back_step_by_step(monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    """However thick the matches lie, the newest come first and none is left out."""
    monkeypatch.setattr("kebu.base.search.engine_postgresql.BLOCK_BITS", (1, 3, 5))
    monkeypatch.setattr("kebu.base.search.engine_postgresql.FIRST_REACH", 2)
    monkeypatch.setattr("kebu.base.search.engine_postgresql.FEW", 0)
    monkeypatch.setattr("kebu.base.search.engine_postgresql.known_reaches", Lately[int]())
    INDEX.rebuild(
        Document(number, names=("远近" if number % every == 0 else "别处",)) for number in range(1, 200)
    )
    matching = [number for number in range(199, 0, -1) if number % every == 0]
    for _turn in range(2):  # the second one begins where the first one found enough
        for limit in (1, 3, 20, 200):
            assert INDEX.find("远近", limit=limit) == matching[:limit]
    INDEX.rebuild(Document(number, names=("远近",)) for number in range(150, 400) if number % every == 0)
    assert INDEX.find("远近", limit=3) == [number for number in range(399, 0, -1) if number % every == 0][:3]


@pytest.mark.parametrize("many", [1, 9])
def test_more_matches_than_a_list_of_ids_may_hold(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr("kebu.base.search.index.SOME", 1)
    monkeypatch.setattr(f"kebu.base.search.engine_{connection.vendor}.MANY", many)
    monkeypatch.setattr("kebu.base.search.index.FEW", 1)
    assert set(CustomerEntry.objects.filter(INDEX.condition("有限")).values_list("id", flat=True)) == {1, 2}
    found = CustomerEntry.objects.filter(INDEX.condition("有限", labels=["o17", "o18"])).filter(id__lt=2)
    assert [each.id for each in found] == [1]
    assert CustomerEntry.objects.exclude(INDEX.condition("有限")).get().id == 3


def test_rolling_back_undoes_the_index_too() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        INDEX.put([Document(1, names=("北京天恩实业",)), Document(8, names=("上海天恩",))])
        INDEX.remove([2])
        assert INDEX.find("天恩") == [8, 1]
        raise RuntimeError
    assert INDEX.find("天恩") == []
    assert INDEX.find("海纳") == [1]
    assert INDEX.find("贸易") == [2]


def test_an_unchanged_document_is_not_written_again() -> None:
    with connection.execute_wrapper(_refuse_writing):
        INDEX.put([HAINA, ZENG, SUN])


def _refuse_writing(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
    assert sql.startswith("SELECT"), sql
    return execute(sql, params, many, context)


def test_rare_characters_are_found() -> None:
    """Characters outside the basic plane and of other scripts are characters like any other."""
    INDEX.put([Document(9, names=("𠮷野家𱁬",), people=("阿迪力·买买提", "Ólafur"))])
    for query in ("𠮷", "𱁬", "𠮷野", "力买", "阿迪力·买", "ólaf"):
        assert INDEX.find(query) == [9], query


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        SearchIndex("order")


def test_labels_of_most_records_only_narrow_where_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of most records they are left to who narrows by rights; of few they stay."""
    INDEX.put(Document(pk, (f"苏州{pk}公司",), labels=(f"o{pk % 10}",)) for pk in range(1, 101))
    most, few = [f"o{owner}" for owner in range(9)], ["o1", "o2", "o3"]
    assert share_of(INDEX.table, few) < 0.5 < share_of(INDEX.table, most)
    monkeypatch.setattr("kebu.base.search.shares._sampled", lambda *_: pytest.fail("asked again at once"))
    assert share_of(INDEX.table, frozenset(most)) > 0.5
    assert set(INDEX.find("苏州", labels=most, limit=200)) == {pk for pk in range(1, 101) if pk % 10 < 9}
    assert "o8" not in str(INDEX.hits("苏州", most).all)
    monkeypatch.setattr(index, "SOME", 20)
    hits = INDEX.hits("苏州", most)
    told = [pk for pk in range(100, 78, -1) if pk % 10 < 9] if connection.vendor == "postgresql" else []
    assert hits.newest == told[: len(hits.newest)]
    assert bool(hits.newest) == bool(told)
    assert INDEX.hits("苏州", few).newest == INDEX.find("苏州", few)[:20]
    assert set(INDEX.find("苏州", labels=few)) == {pk for pk in range(1, 101) if 0 < pk % 10 < 4}
