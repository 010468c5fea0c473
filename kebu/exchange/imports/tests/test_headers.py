"""Headers are found and columns guessed in files as offices keep them."""

import io
from pathlib import Path

import pytest
from django.test import Client

from kebu.base.fields.directories import Context
from kebu.exchange.imports.choices import Certainty
from kebu.exchange.imports.headers import guess
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.reading import Reader
from kebu.exchange.imports.taking import take_file
from kebu.exchange.imports.tests.sheets import GOOD, HEADERS, csv, outcomes, upload, work_off, xlsx
from kebu.office.staff.models import User
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db

# The tables of the requirements, each with the columns it must lead to ("" = no value of a customer).
TEMPLATES = {
    "S0-39": {
        "客户编号": "", "客户名称": "customer.name", "所属行业": "customer.industry",
        "客户类型": "customer.customer_type", "联系方式": "way", "首次接触时间": "customer.first_contact_on",
        "客户来源": "customer.source", "关键联系人": "contact.name", "跟进阶段": "customer.stage",
        "最后跟进时间": "", "跟进人": "customer.owner", "备注": "customer.remark",
    },
    "S1-27": {
        "序号": "", "客户公司名称": "customer.name", "所属行业": "customer.industry", "规模(人/营收)": "size",
        "主营业务": "customer.main_business", "关键决策人": "contact.name", "职位": "contact.title",
        "联系方式": "way", "需求痛点": "customer.pain_points", "预算范围": "customer.budget",
        "客户分级": "customer.grade", "来源": "customer.source", "首次接触日期": "customer.first_contact_on",
        "负责人": "customer.owner",
    },
    "S2-21": {
        "客户名称": "customer.name", "姓名": "contact.name", "职位": "contact.title", "联系电话": "way",
        "所属行业": "customer.industry", "企业规模": "size", "首次接触时间": "customer.first_contact_on",
        "需求类型": "customer.need_types", "预估采购预算": "customer.budget",
        "客户等级": "customer.value_tier",
    },
    "S4-22": {
        "客户编号": "", "客户名称": "customer.name", "所属行业": "customer.industry", "客户规模": "size",
        "联系人及职务": "person", "联系方式": "way", "首次接触时间": "customer.first_contact_on",
        "客户来源": "customer.source", "初步需求": "customer.need", "备注": "customer.remark",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_of_the_requirements(name: str) -> None:
    found = guess(list(TEMPLATES[name]), [], Context())
    assert [column.key for column in found] == list(TEMPLATES[name].values())
    assert all(column.certainty is Certainty.SURE for column in found if column.key)


def test_what_stands_in_a_column_weighs_its_name() -> None:
    headers = ["单位", "意向", "业务员工号", "备用", "问题"]
    samples = [
        ["海纳公司", "高", "S017", "a@b.cn", "手机号少一位"],
        ["沐野农机", "一般", "S022", "c@d.cn", ""],
    ]
    found = [(column.key, column.certainty) for column in guess(headers, samples, Context())]
    assert found[0] == ("customer.name", Certainty.SURE)
    assert found[1] == ("customer.purchase_intent", Certainty.GUESSED)
    assert found[2] == ("", Certainty.NONE)
    assert found[3] == ("customer.email", Certainty.GUESSED)
    assert found[4] == ("", Certainty.NONE)


def test_the_only_name_is_the_customers() -> None:
    assert guess(["姓名", "手机"], [], Context())[0].key == "customer.name"


CLOSING = ["合计", "", "3家"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("表.xlsx", xlsx([HEADERS, *GOOD, CLOSING], above=["2026年登记表", "制表：市场部"])),
        (
            "表.xlsx",
            xlsx([HEADERS, *GOOD], first=[["请先看说明"], ["列名", "怎么填"], ["客户名称", "写全称"]]),
        ),
        ("表.csv", csv([HEADERS, *GOOD, CLOSING], "gb18030")),
        ("表.csv", csv([["登记表"], [], HEADERS, *GOOD], "utf-16")),
        ("表.csv", csv([HEADERS, *GOOD, [], []], "utf-8-sig")),
    ],
)
def test_titles_totals_sheets_encodings(
    name: str, content: bytes, rep: User, client_of: ClientOf, tmp_path: Path
) -> None:
    upload(client_of(rep), content, name)
    work_off(tmp_path)
    source = Import.objects.get()
    assert source.headers == HEADERS
    assert outcomes(source) == ["create"] * 3
    assert [row.reading["customer"]["name"] for row in source.rows.order_by("number")] == [r[0] for r in GOOD]


FORM = [
    ["字段类型", "字段名称", "填写说明", "示例填写"],
    ["基础信息", "客户名称", "企业全称", "海纳科技有限公司"],
    ["联系人信息", "姓名", "真实姓名", "王磊"],
    ["", "联系电话", "核实", "13800138000"],
    ["价值信息", "预估采购预算", "区间", "50-80万"],
]


def test_a_form_that_lists_its_fields_downwards(rep: User, client_of: ClientOf, tmp_path: Path) -> None:
    upload(client_of(rep), xlsx(FORM, above=["客户信息采集表"]))
    work_off(tmp_path)
    row = Import.objects.get().rows.get()
    assert row.reading["customer"]["name"] == "海纳科技有限公司"
    assert row.reading["contact"] == {"name": "王磊"}
    assert row.reading["customer"]["budget"] == ["500000", "800000"]


def test_our_own_template_comes_back(rep: User, client_of: ClientOf, tmp_path: Path) -> None:
    client: Client = client_of(rep)
    answer = client.get("/imports/template/")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    source = take_file(io.BytesIO(content), "模板.xlsx", owner=rep, at=rep.created_at)
    assert source.sheets == ["客户", "填写说明"]
    assert source.sheet == "客户"
    assert all(source.mapping)
    assert set(source.certainties) == {Certainty.SURE}
    upload(client, content)
    work_off(tmp_path)
    assert not Import.objects.latest("id").rows.exists()  # its sample rows are no customers


def test_examples_of_the_requirements_are_read(shipped: None) -> None:
    context = Context()
    headers = ["客户名称", "姓名", "所属行业", "企业规模", "需求类型", "预估采购预算", "联系电话"]
    cells = [
        "海纳科技",
        "张三",
        "制造业-专用设备制造",
        "100-500人",
        "采购-生产线设备",
        "50-80万",
        "13800138000",
    ]
    first = Reader([found.key for found in guess(headers, [cells], context)], headers, context).read(cells)
    assert not first.problems
    assert (first.customer["industry"], first.customer["headcount"]) == ("C35", "100_500")
    assert (first.customer["need_types"], first.customer["need"]) == (["purchase"], "生产线设备")
    assert first.customer["kind"] == "company"
    headers = ["客户名称", "联系人及职务", "联系方式", "客户来源"]
    cells = ["海纳科技", "张三 采购经理", "zhang@example.com", "2024年春季行业展会"]
    second = Reader([found.key for found in guess(headers, [cells], context)], headers, context).read(cells)
    assert second.contact == {"name": "张三", "title": "采购经理"}
    assert second.customer["email"] == "zhang@example.com"
    assert second.customer["source_detail"] == "2024年春季行业展会"
