"""tidy and fold."""

import pytest

from kebu.base.kit.text import counted, fold, tidy


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" 上海蓝海科技有限公司\n", "上海蓝海科技有限公司"),
        ("张 伟", "张伟"),
        ("张\u3000伟", "张伟"),
        ("ＡＢＣ　科技１２３", "ABC 科技123"),
        ("ABC  科技", "ABC 科技"),
        ("苏州（中国）有限公司", "苏州（中国）有限公司"),
        ("看过样机，下周再约！", "看过样机，下周再约！"),
        ("a\u200bb\ufeffc\u0000", "abc"),
        ("⼀⼆", "一二"),
        ("第一行\n第二行", "第一行第二行"),
    ],
)
def test_one_line(written: str, kept: str) -> None:
    assert tidy(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("交期不稳,\r\n希望更快 ", "交期不稳,\n希望更快"),
        ("\n甲\n\n\n\n乙\n", "甲\n\n乙"),
        ("看过样机  下周再约", "看过样机 下周再约"),
    ],
)
def test_several_lines(written: str, kept: str) -> None:
    assert tidy(written, multiline=True) == kept


def test_fold_makes_punctuation_narrow() -> None:
    assert fold(" （０５１２）－６２８５ ") == "(0512)-6285"


def test_small_numbers_are_told_in_words() -> None:
    assert (counted(1), counted(10), counted(11)) == ("一", "十", "11")
