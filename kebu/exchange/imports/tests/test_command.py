"""``kebu import``: the same check and import without the wizard."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kebu.crm.customers.models import Customer
from kebu.exchange.imports.tests.sheets import (
    BAD_DAY,
    DOUBLE,
    GOOD,
    HEADERS,
    NAMELESS,
    ODD_INDUSTRY,
    csv,
    xlsx,
)
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


def run(place: Path, content: bytes, name: str, **options: str) -> list[dict[str, object]]:
    file, report = place / name, place / "report.jsonl"
    file.write_bytes(content)
    call_command("import", str(file), username="zhou", report=str(report), **options)
    return [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]


def test_summary_for_programs(rep: User, tmp_path: Path) -> None:
    run(tmp_path, xlsx([HEADERS, *GOOD, BAD_DAY]), "名单.xlsx", summary=str(tmp_path / "summary.json"))
    told = json.loads((tmp_path / "summary.json").read_text())
    assert (told["rows"], told["create"], told["reject"]) == (4, 3, 1)
    assert told["seconds"] > 0


def test_report_of_a_workbook(rep: User, tmp_path: Path) -> None:
    rows = [HEADERS, *GOOD, BAD_DAY, NAMELESS, ODD_INDUSTRY, DOUBLE]
    lines = run(tmp_path, xlsx(rows, above=["登记表"]), "名单.xlsx")
    assert [(line["row"], line["outcome"], line["problems"]) for line in lines] == [
        (3, "create", []),
        (4, "create", []),
        (5, "create", []),
        (6, "reject", ["first_contact"]),
        (7, "reject", ["name"]),
        (8, "create", ["industry"]),
        (9, "duplicate", ["name"]),
    ]
    first = lines[0]
    assert (first["name"], first["kind"], first["industry"]) == ("苏州海纳科技有限公司", "企业", "I65")
    assert (first["contact"], first["title"], first["source"]) == ("王磊", "采购经理", "展会")
    assert (first["phone"], first["first_contact"]) == ("+8613800138000", "2026-03-05")
    assert lines[-1]["of"] == "苏州海纳科技有限公司"
    assert Customer.objects.count() == 4


def test_records_of_a_csv_count_below_the_header(rep: User, tmp_path: Path) -> None:
    lines = run(tmp_path, csv([HEADERS, GOOD[0], GOOD[1]], "gb18030"), "名单.csv")
    assert [line["record"] for line in lines] == [1, 2]


def test_duplicates_updated(rep: User, tmp_path: Path, make_customer: MakeCustomer) -> None:
    make_customer(owner=rep, name="苏州海纳科技有限公司")
    lines = run(tmp_path, xlsx([HEADERS, GOOD[0]]), "名单.xlsx", duplicates="update")
    assert lines[0]["outcome"] == "update"
    assert Customer.objects.get().phone == "+8613800138000"


@pytest.mark.parametrize(
    ("name", "username", "message"),
    [
        ("没有.xlsx", "zhou", "没有这个文件"),
        ("a.xlsx", "nobody", "没有这个账号"),
        ("a.xlsx", "shen", "没有导入客户的权限"),
        ("a.xlsx", "zhou", "已损坏"),
    ],
)
def test_refusals(name: str, username: str, message: str, rep: User, auditor: User, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04" + b"broken" * 50)
    with pytest.raises(CommandError, match=message):
        call_command("import", str(tmp_path / name), username=username)
