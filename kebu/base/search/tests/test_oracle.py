"""Finding agrees with a plain reading of the rules, record by record: nothing missed, nothing false."""

import re
from collections.abc import Sequence
from itertools import takewhile

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kebu.base.kit.pinyin import syllables
from kebu.base.search import Document, SearchIndex
from kebu.base.search.models import CustomerEntry

CHARACTERS = "张伟单仇曾解区尉迟海纳科技苏州重庆长安西银行吕略贸易公有限"
MOBILES = ("+86138", "+86139")

Body = tuple[tuple[str, ...], ...]

names = st.text(CHARACTERS, min_size=1, max_size=7)
latin_names = st.builds("{}{}".format, st.sampled_from(["ABC", "3M", "Ｓｕｎ ", "(华)"]), names)
people = st.text(CHARACTERS, min_size=1, max_size=3)
phones = st.builds("{}{:08d}".format, st.sampled_from(MOBILES), st.integers(0, 10**8 - 1))
codes = st.builds("CUS20240{}".format, st.integers(1000, 9999))
bodies = st.tuples(
    st.lists(names | latin_names, min_size=1, max_size=2).map(tuple),
    st.lists(people, max_size=2).map(tuple),
    st.lists(phones | codes, max_size=2).map(tuple),
)


def spoken(body: Body) -> list[list[str]]:
    """Every reading of every name, as syllables."""
    readings = [syllables(name) for name in body[0]]
    readings += [syllables(name, True) for name in body[0] if len(name) <= 4]
    readings += [syllables(person, True) for person in body[1]]
    return [[each.replace("lve", "lue") for each in reading] for reading in readings]


@st.composite
def queries(draw: st.DrawFn, records: Sequence[Body]) -> str:
    """A piece of some record as a person would type it, or something made up."""
    body = draw(st.sampled_from(records))
    reading = draw(st.sampled_from(spoken(body)))
    start = draw(st.integers(0, max(0, len(reading) - 1)))
    whole = draw(
        st.sampled_from([*body[0], *body[1], *(number.removeprefix("+86") for number in body[2])])
        | st.just("".join(reading[start:]))
        | st.just("".join(each[0] for each in reading[start:]))
        | st.text(CHARACTERS + "abghwxz13", min_size=1, max_size=3)
    )
    begin = draw(st.integers(0, len(whole) - 1)) if draw(st.booleans()) else 0
    return whole[begin : draw(st.integers(begin + 1, len(whole)))]


def plain(text: str) -> str:
    """Half width, small letters, no spaces and brackets."""
    return text.translate(str.maketrans("Ｓｕｎ", "sun", " ()")).lower()


def is_found(body: Body, query: str) -> bool:
    """The rules of D9: 张wei asks for 张 and wei, but what holds digits is one word."""
    has_digit = any(map(str.isdigit, query))
    return all(holds(body, word) for word in ([query] if has_digit else re.findall("[a-z]+|[^a-z]+", query)))


def holds(body: Body, word: str) -> bool:
    """The rules for one word."""
    if any(word in plain(name) for name in (*body[0], *body[1])):
        return True
    for number in (plain(number.removeprefix("+86")) for number in body[2]):
        if word.isascii() and (word in number if len(word) > 2 else number.startswith(word)):
            return True
    if not (word.isascii() and any(map(str.isalpha, word))):
        return False
    return any(word in initials(reading) or is_heard(word, reading) for reading in spoken(body))


def is_latin(piece: str) -> bool:
    """Pieces of names below that are no Chinese; sun is a syllable as well."""
    return piece in {"abc", "3m"}


def initials(reading: list[str]) -> str:
    """First letters; of what is no Chinese every letter."""
    return "".join(each if is_latin(each) else each[0] for each in reading)


def is_heard(word: str, reading: list[str]) -> bool:
    """The word begins with a syllable and goes on as the name does, up to a piece that is no Chinese."""
    rests = (reading[at:] for at in range(len(reading)))
    return any("".join(takewhile(lambda each: not is_latin(each), rest)).startswith(word) for rest in rests)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_finding_agrees_with_the_rules(data: st.DataObject) -> None:
    """As a list of ids, and as each of the conditions that ask row by row."""
    records = data.draw(st.lists(bodies, min_size=1, max_size=6))
    index = SearchIndex("customer")
    index.rebuild(Document(number, *body) for number, body in enumerate(records))
    every = list(range(len(records)))
    for _ in range(5):
        query = plain(data.draw(queries(records)))
        expected = [number for number, body in enumerate(records) if query and is_found(body, query)]
        assert index.find(query) == expected[::-1], query
        for some, many in ((100, 1), (1, 100), (1, 1)):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("kebu.base.search.index.SOME", some)
                patch.setattr(f"kebu.base.search.engine_{connection.vendor}.MANY", many)
                patch.setattr("kebu.base.search.index.FEW", some)
                met = CustomerEntry.objects.filter(index.condition(query)).order_by("id")
                assert [each.id for each in met] == (expected if query else every), query
