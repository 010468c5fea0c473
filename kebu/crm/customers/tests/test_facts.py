"""What is computed from a customer: completeness, and the words for its stage."""

from decimal import Decimal
from typing import Any

import pytest

from kebu.base.kit.money import AmountRange
from kebu.crm.customers.queries import completeness, missing_labels
from kebu.office.staff.models import User
from kebu.office.vocabulary.choices import TermKind
from kebu.office.vocabulary.models import Term
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "ways", [{"phone": "+8613912345678"}, {"email": "zhou@example.com"}, {"wechat": "zhou-work"}], ids=str
)
def test_one_way_to_reach_the_customer_is_enough(
    ways: dict[str, Any], rep: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, **({"phone": ""} | ways))
    assert "联系方式" not in missing_labels(customer)
    for name in ways:
        setattr(customer, name, "")
    before = completeness(customer)
    assert "联系方式" in missing_labels(customer)
    customer.contact_phones = ["+8613912345678"]
    assert "联系方式" not in missing_labels(customer)
    assert completeness(customer) > before


@pytest.mark.parametrize(
    ("customer_type", "stage", "words", "step"),
    [
        ("prospect", "报价", "报价", 4),
        ("won", "成交", "成交", 7),
        ("lost", "报价", "止于报价", 0),
        ("lost", "成交", "成交后流失", 0),
    ],
)
def test_the_stage_of_a_lost_customer_tells_how_far_it_came(
    customer_type: str, stage: str, words: str, step: int,
    rep: User, client_of: ClientOf, make_customer: MakeCustomer,
) -> None:  # fmt: skip
    term = Term.objects.get(kind=TermKind.STAGE, name=stage)
    make_customer(rep, customer_type=customer_type, stage=term.pk)
    row = client_of(rep).get("/customers/").context["rows"][0]
    assert f'<span class="k-stage" data-step="{step}">{words}</span>' in row["stage"]
    assert ('title="流失前到了报价"' in row["stage"]) == words.startswith("止于")


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (50_000, 100_000, "5–10"),
        (15_000, None, "≥1.5"),
        (None, 2_000_000, "≤200"),
        (80_000, 80_000, "8"),
        (0, 50_000, "0–5"),
    ],
)
def test_the_budget_is_a_range(
    low: int | None, high: int | None, words: str, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    bounds = [None if bound is None else Decimal(bound) for bound in (low, high)]
    make_customer(rep, budget=AmountRange(*bounds))
    row = client_of(rep).get("/customers/").context["rows"][0]
    assert row["budget"] == f'{words}<span class="k-unit"> 万</span>'
