"""Pinyin of people and companies."""

import pytest

from kebu.base.kit.pinyin import initials, sort_key, syllables
from kebu.base.kit.pinyin_names import CHARACTERS, COMPOUND_SURNAMES, PHRASES, SURNAMES

_SURNAMES = [
    "单",
    "shan",
    "仇",
    "qiu",
    "查",
    "zha",
    "曾",
    "zeng",
    "解",
    "xie",
    "任",
    "ren",
    "区",
    "ou",
    "朴",
    "piao",
    "覃",
    "qin",
    "盖",
    "ge",
    "翟",
    "zhai",
    "乐",
    "yue",
    "冼",
    "xian",
    "缪",
    "miao",
    "那",
    "na",
    "召",
    "shao",
    "黑",
    "he",
    "华",
    "hua",
    "种",
    "chong",
    "秘",
    "bi",
    "员",
    "yun",
    "晁",
    "chao",
    "尹",
    "yin",
    "折",
    "she",
    "隗",
    "wei",
    "郇",
    "xun",
    "张",
    "zhang",
    "吕",
    "lv",
    "沈",
    "shen",
    "石",
    "shi",
    "宁",
    "ning",
]


@pytest.mark.parametrize(("surname", "read"), list(zip(_SURNAMES[::2], _SURNAMES[1::2], strict=True)))
def test_surnames_are_read_as_surnames(surname: str, read: str) -> None:
    assert syllables(surname + "伟", is_person=True) == [read, "wei"]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("尉迟恭", "yu chi gong"),
        ("万俟卨", "mo qi xie"),
        ("长孙无忌", "zhang sun wu ji"),
        ("令狐冲", "ling hu chong"),
        ("澹台灭明", "tan tai mie ming"),
        ("欧阳", "ou yang"),
        ("单于明", "shan yu ming"),
        ("张朝阳", "zhang chao yang"),
        ("Tom Lee", "tom lee"),
    ],
)
def test_people(name: str, read: str) -> None:
    assert " ".join(syllables(name, is_person=True)) == read


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("重庆长安汽车", "chong qing chang an qi che"),
        ("长沙中联重科", "chang sha zhong lian zhong ke"),
        ("中国银行苏州分行", "zhong guo yin hang su zhou fen hang"),
        ("厦门金龙", "xia men jin long"),
        ("解放大厦", "jie fang da sha"),
        ("六安瓜片", "lu an gua pian"),
        ("单县工厂", "shan xian gong chang"),
        ("乐山大佛", "le shan da fo"),
        ("绿城", "lv cheng"),
        ("ABC科技(苏州)有限公司", "abc ke ji su zhou you xian gong si"),
        ("3M中国", "3m zhong guo"),
        ("A.O.史密斯", "a o shi mi si"),
        ("", ""),
    ],
)
def test_companies(name: str, read: str) -> None:
    assert " ".join(syllables(name)) == read


@pytest.mark.parametrize(
    ("name", "is_person", "letters"),
    [
        ("张伟", True, "zw"),
        ("单雪", True, "sx"),
        ("ABC科技", False, "abckj"),
        ("3M中国", False, "3mzg"),
        ("Tom Lee", True, "tomlee"),
    ],
)
def test_initials(name: str, is_person: bool, letters: str) -> None:
    assert initials(name, is_person) == letters


def test_sorting_goes_syllable_by_syllable_with_digits_first() -> None:
    names = ["梁山", "李平", "Lenovo", "3M中国", "阿里", "重庆长安", "朱江"]
    assert sorted(names, key=sort_key) == ["3M中国", "阿里", "重庆长安", "Lenovo", "李平", "梁山", "朱江"]


def test_the_own_tables_are_well_formed() -> None:
    for words, read in PHRASES.items():
        assert len(words) == len(read.split()), words
    for words, reads in COMPOUND_SURNAMES.items():
        assert len(words) == len(reads) == 2, words
    for table in (SURNAMES, CHARACTERS):
        assert all(read.isascii() and read.isalpha() and len(sign) == 1 for sign, read in table.items())
