from datetime import timedelta

import pytest
from django.utils import timezone

from kebu.crm.churn.tests.cast import warned
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def test_customers_are_found_by_their_warnings(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    now = timezone.now()
    grave, mild, over = (make_customer(rep, name=f"{name}公司", customer_type="won") for name in "甲乙丙")
    warned(grave, risk="danger", score=6)
    warned(mild, now - timedelta(days=60), risk="watch", status="saving")
    warned(over, risk="danger", status="lost", closed_at=now)

    def found(query: str) -> list[str]:
        page = client_of(rep).get(f"/customers/?view=mine&{query}").content.decode()
        return [name for name in ("甲公司", "乙公司", "丙公司") if name in page]

    assert found("churn.risk=danger") == ["甲公司"]
    assert found("churn.risk.filled=1") == ["甲公司", "乙公司"]
    assert found("churn.status=lost") == ["丙公司"]
    assert found("churn.status=saving") == ["乙公司"]
    assert found("churn.opened_at.within=today") == ["甲公司"]
    page = client_of(rep).get("/customers/?churn.risk=danger").content.decode()
    assert "流失预警等级" in page
