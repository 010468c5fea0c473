"""Company names: comparison keys and what looks like a company."""

import pytest

from kebu.base.kit.companies import company_key, looks_like_company


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("苏州瀚海科技有限责任公司", "苏州瀚海科技有限公司"),
        ("苏州（中国）有限公司", "苏州(中国) 有限公司"),
        ("ＡBC 科技有限公司", "abc科技有限公司"),
        ("Acme Co., Ltd.", "ACME CO LTD"),
        ("上海蓝海\u3000有限公司\n", "上海蓝海有限公司"),
    ],
)
def test_spellings_of_one_company_meet(one: str, other: str) -> None:
    assert company_key(one) == company_key(other)


def test_a_joint_stock_company_is_another_one() -> None:
    assert company_key("苏州瀚海股份有限公司") != company_key("苏州瀚海有限公司")


def test_a_name_of_signs_only_has_a_key() -> None:
    assert company_key("？？")


@pytest.mark.parametrize(
    ("name", "is_company"),
    [
        ("苏州瀚海科技有限公司", True),
        ("老王饭店", True),
        ("昆山好运来五金店", True),
        ("Acme Co., Ltd.", True),
        ("西门子集团", True),
        ("张伟", False),
        ("欧阳娜娜", False),
        ("Tom Lee", False),
        ("王小店", False),
    ],
)
def test_looks_like_a_company(name: str, is_company: bool) -> None:
    assert looks_like_company(name) is is_company
