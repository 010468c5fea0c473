"""Kinds only customers have: what is read, what is refused."""

import pytest

from kebu.base.fields.directories import Context
from kebu.base.kit.errors import Unreadable
from kebu.crm.customers.fields import CUSTOMER_FIELDS

TIER, SCORE, MACRO = (
    CUSTOMER_FIELDS[name].kind for name in ("value_tier", "potential_score", "macro_region")
)


@pytest.mark.parametrize(
    ("text", "value"),
    [("高", "vip"), ("高价值客户", "vip"), ("VIP", "vip"), ("中", "middle"), ("普通客户", "ordinary"),
     ("潜力", "promise"), ("潜力客户", "promise")],
)  # fmt: skip
def test_words_of_the_requirements_for_the_value(text: str, value: str) -> None:
    assert TIER.parse(text, Context()) == value


@pytest.mark.parametrize(("text", "value"), [("0", 0), (" 75 ", 75), ("75分", 75), ("１００", 100)])
def test_a_score(text: str, value: int) -> None:
    assert SCORE.parse(text, Context()) == value


@pytest.mark.parametrize("text", ["-1", "101", "7.5", "很高", "9" * 400])
def test_no_score(text: str) -> None:
    with pytest.raises(Unreadable, match="整数"):
        SCORE.parse(text, Context())


def test_the_macro_region_follows_from_the_region() -> None:
    assert MACRO.show("320583", Context()) == "华东"
    assert MACRO.show("", Context()) == ""
