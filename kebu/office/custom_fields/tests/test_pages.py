"""设置 › 自定义字段: defining, changing, moving, the bin, presets, at their addresses."""

import json
from typing import Any

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job, JobFailed
from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer, CustomerChoice
from kebu.crm.segments.models import SavedView
from kebu.office.custom_fields.actions import bin_field, restore_field
from kebu.office.custom_fields.models import OwnField, OwnOption
from kebu.office.custom_fields.refitting import REFIT
from kebu.office.custom_fields.tasks import refit, take_out
from kebu.office.custom_fields.tests.making import made
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
PAGE = "/settings/fields/"
HTMX = {"HX-Request": "true"}
PLAIN = {"level": "optional", "sensitivity": "normal", "section": "企业信息", "roll_up": "contacts"}


def test_a_field_is_added_by_form_and_asked_at_once(
    admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    client = client_of(admin)
    answer = client.post(
        PAGE + "new/",
        {
            **PLAIN,
            "label": "医院等级",
            "value_kind": "choice",
            "new_options": "三甲、二甲",
            "level": "required",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    row = OwnField.objects.get()
    assert [option.name for option in row.options.all()] == ["三甲", "二甲"]
    assert "医院等级" in client.get(PAGE).content.decode()
    form = client.get("/customers/new/").content.decode()
    assert "医院等级" in form
    assert "三甲" in form
    refused = client.post(
        "/customers/new/", {"name": "苏州第一医院", "phone": "13800138000", "kind": "company"}
    )
    assert "医院等级必须填写" in refused.content.decode()
    entry = JournalEntry.objects.filter(kind="own-field").get()
    assert entry.changes["level"] == [None, "必填"]


def test_what_is_wrong_is_told_at_its_place(admin: User, client_of: ClientOf) -> None:
    client, page = client_of(admin), PAGE + "new/"

    def told(**values: str) -> str:
        answer = client.post(page, {**PLAIN, "label": "测试", "value_kind": "text", **values})
        assert answer.status_code in (409, 422)
        return str(answer.content.decode())

    made("床位数", "number")
    assert "客户已经有叫“床位数”的字段" in told(label="床位数")
    assert "系统里已经有“主营业务”这个字段" in told(label="主营业务")
    assert "个人信息要写明用途" in told(sensitivity="personal")
    assert "请写至少一个选项" in told(value_kind="choices")
    assert "请写新分组的名称" in told(section="+")
    assert "请选汇总什么" in told(value_kind="roll_up", roll_up="")
    assert told(value_kind="roll_up", roll_up="what")
    assert OwnField.objects.count() == 1


def test_changing_keeps_values_and_only_types_that_lose_nothing(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    beds = made("床位数", "number", unit="张")
    grade = made("医院等级", "choice", options="三甲 二甲 一级")
    keys = {option.name: str(option.pk) for option in OwnOption.objects.all()}
    customer = make_customer(rep, **{beds.name: CUSTOMER_FIELDS[beds.name].kind.parse("1200", Context()),
                                     grade.name: keys["二甲"]})  # fmt: skip
    client = client_of(admin)
    sent = {**PLAIN, "label": "核定床位", "value_kind": "choice", "version": "1"}
    assert client.post(f"{PAGE}{beds.pk}/", sent).status_code == 422
    assert client.post(f"{PAGE}{beds.pk}/", {**sent, "value_kind": "text"}).status_code == 302
    assert client.post(f"{PAGE}{beds.pk}/", {**sent, "value_kind": "text"}).status_code == 409
    options = {
        f"option-{keys['三甲']}-name": "三级甲等", f"option-{keys['三甲']}-order": "2",
        f"option-{keys['三甲']}-active": "on", f"option-{keys['二甲']}-name": "二甲",
        f"option-{keys['二甲']}-order": "²", f"option-{keys['一级']}-name": "一级",
        f"option-{keys['一级']}-order": "1", f"option-{keys['一级']}-active": "on", "new_options": "民营",
    }  # fmt: skip
    answer = client.post(f"{PAGE}{grade.pk}/", {**sent, **options, "label": "医院等级"})
    assert answer.status_code == 302, answer.content.decode()
    names = [(option.name, option.is_active) for option in OwnOption.objects.order_by("order")]
    assert names == [("一级", True), ("三级甲等", True), ("二甲", False), ("民营", True)]
    page = client.get(customer.get_absolute_url()).content.decode()
    assert "核定床位" in page
    assert ">1200" in page
    assert "二甲" in page
    sheet = (
        client_of(rep).get(f"/customers/{customer.number}/field/{grade.name}/", headers=HTMX).content.decode()
    )
    assert "二甲" in sheet
    assert "三级甲等" in sheet


def test_moved_up_past_born_fields(admin: User, client_of: ClientOf) -> None:
    first, second = made("甲字段"), made("乙字段")

    def order() -> list[str]:
        Context()
        return [item.label for item in CUSTOMER_FIELDS.values() if str(item.section) == "企业信息"][-4:]

    client = client_of(admin)
    assert order() == ["统一社会信用代码", "官网", "甲字段", "乙字段"]
    client.post(f"{PAGE}{second.pk}/position/", {"to": "up"})
    assert order() == ["统一社会信用代码", "官网", "乙字段", "甲字段"]
    client.post(f"{PAGE}{second.pk}/position/", {"to": "up"})
    assert order() == ["统一社会信用代码", "乙字段", "官网", "甲字段"]
    client.post(f"{PAGE}{first.pk}/position/", {"to": "down"})
    assert order() == ["统一社会信用代码", "乙字段", "官网", "甲字段"]
    dragged = ["development_stage", first.name, "credit_code", second.name, "website", "name", "f999999"]
    client.post(f"{PAGE}{second.pk}/position/", {"order": dragged})
    assert order() == ["甲字段", "统一社会信用代码", "乙字段", "官网"]
    entry = JournalEntry.objects.filter(kind="own-field").latest("pk")
    assert entry.changes == {"order": [["乙字段", "甲字段"], ["甲字段", "乙字段"]]}
    told = client.post(f"{PAGE}{first.pk}/position/", {"order": dragged}, headers=HTMX)
    assert "顺序没有变" in json.loads(told["HX-Trigger"])["toast"]["text"]


def test_binned_restored_and_removed_for_good(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    row, client = made("现用品牌", "choices", options="甲牌 乙牌"), client_of(admin)
    value = CUSTOMER_FIELDS[row.name].kind.parse("甲牌、乙牌", Context())
    customer = make_customer(rep, **{row.name: value})
    kept = dict(Customer.objects.get().custom)
    client.post(f"{PAGE}{row.pk}/removal/")
    assert row.name not in CUSTOMER_FIELDS
    assert "已删除的字段" in client.get(PAGE).content.decode()
    assert "现用品牌" not in client.get(customer.get_absolute_url() + "edit/").content.decode()
    client.post(f"{PAGE}{row.pk}/restoral/")
    assert CUSTOMER_FIELDS[row.name].value(Customer.objects.get()) == value
    client.post(f"{PAGE}{row.pk}/removal/")
    assert client.post(f"{PAGE}{row.pk}/purge/", {"label": "别的"}).status_code == 422
    assert Customer.objects.get().custom == kept
    client.post(f"{PAGE}{row.pk}/purge/", {"label": "现用品牌"})
    Job.objects.exclude(kind="custom_fields.removal").delete()
    job: Any = Job.objects.claim("test", at=timezone.now())
    assert take_out(job, lambda: None) == {"removed": 1}
    assert Customer.objects.get().custom == {}
    assert not CustomerChoice.objects.exists()
    assert "现用品牌" in client.get(customer.get_absolute_url()).content.decode()  # its history still says so


def test_a_preset_adds_what_is_not_there(admin: User, client_of: ClientOf) -> None:
    client = client_of(admin)
    shown = client.get(f"{PAGE}presets/consumer/").content.decode()
    assert "已有“消费偏好”" in shown
    shown = client.get(f"{PAGE}presets/medical/").content.decode()
    assert "医院名称" in shown
    assert "科室名称" in shown
    assert 'presets/medical/" hx-target="#sheet" hx-swap="innerHTML"' in shown  # not itself
    client.post(f"{PAGE}presets/medical/", {"label": ["医院名称", "科室名称", "医院等级", "主攻方向"]})
    assert [item.label for item in CUSTOMER_FIELDS.own()] == ["医院名称", "科室名称", "医院等级"]
    assert [item.label for item in CONTACT_FIELDS.own()] == ["主攻方向"]
    assert "已有“医院名称”" in client.get(f"{PAGE}presets/medical/").content.decode()


def test_shown_with_the_value_of_another_field(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    row = made("中标价", "money", level="required", shown_field="customer_type", shown_values=["won"])
    client, customer = client_of(rep), make_customer(rep, customer_type="prospect")
    base = {"name": customer.name, "phone": "13800138000", "kind": "company", "version": "1"}
    page = client.get(f"/customers/{customer.number}/edit/").content.decode()
    assert 'data-shown-with="customer_type"' in page
    assert 'data-shown-values="won"' in page
    edit = f"/customers/{customer.number}/edit/"
    assert "中标价" not in client.get(customer.get_absolute_url()).content.decode()
    assert "中标价必须填写" in client.post(edit, {**base, "customer_type": "won"}).content.decode()
    saved = client.post(edit, {**base, "customer_type": "won", row.name: "5万"})
    assert saved.status_code in (204, 302), saved.content.decode()
    assert Customer.objects.get().custom == {row.name: "50000"}
    base["version"] = str(Customer.objects.get().version)
    client.post(edit, {**base, "customer_type": "lost", row.name: "不是钱"})
    customer.refresh_from_db()
    assert (customer.customer_type, customer.custom) == ("lost", {row.name: "50000"})


@pytest.mark.parametrize("rule", ["hidden", "masked"])
def test_what_hangs_on_a_closed_field_tells_nothing_of_it(
    rule: str, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """It is there and can be filled in whatever the other field holds, and is demanded of nobody."""
    credit = made("信用", "choice", options="好 差")
    good, bad = (str(option.pk) for option in credit.options.all())
    row = made("担保人", level="required", shown_field=credit.name, shown_values=[bad])
    rep.roles.update(field_rules={credit.key: rule})
    client, answers = client_of(User.objects.get(pk=rep.pk)), []
    for value in (good, bad):
        customer = make_customer(rep, **{credit.name: value})
        shown = "担保人" in client.get(customer.get_absolute_url()).content.decode()
        base = {"name": customer.name, "phone": "13800138000", "kind": "company", "version": "1"}
        edited = client.post(f"/customers/{customer.number}/edit/", base | {"customer_type": "potential"})
        url, typed = f"{customer.get_absolute_url()}field/{row.name}/", {row.name: "王磊", "version": "2"}
        status = client.post(url, typed, headers=HTMX).status_code
        customer.refresh_from_db()
        answers.append((shown, edited.status_code, status, customer.custom[row.name]))
        assert customer.custom[credit.name] == value
    assert answers == [(True, 302, 200, "王磊")] * 2


def test_the_sheet_tells_who_uses_it(admin: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    row = made("床位数", "number")
    make_customer(admin, **{row.name: 7})
    SavedView.objects.create(
        name="大医院",
        owner=admin,
        query=f"{row.name}.above=100",
        created_at=timezone.now(),
        updated_at=timezone.now(),
    )
    sheet = client_of(admin).get(f"{PAGE}{row.pk}/").content.decode()
    assert "1条记录填了这个字段" in sheet
    assert "1个视图在用它" in sheet


def test_a_text_becomes_a_number_only_when_all_are_numbers(
    admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    row, client = made("床位"), client_of(admin)
    fine, odd = make_customer(admin, **{row.name: "1200"}), make_customer(admin, **{row.name: "约300张"})
    sent = {**PLAIN, "label": "床位", "value_kind": "number", "version": "1"}
    refused = client.post(f"{PAGE}{row.pk}/", sent)
    assert "有1条内容不能原样变成“数字”，如 约300张" in refused.content.decode()
    Customer.objects.filter(pk=odd.pk).update(custom={row.name: "300"})
    assert client.post(f"{PAGE}{row.pk}/", sent).status_code == 302
    item = CUSTOMER_FIELDS[row.name]
    assert list(Customer.objects.filter(**{f"{item.path}__gt": 500})) == [fine]
    assert item.text(fine, Context()) == "1,200"


def test_a_field_comes_back_from_the_bin_as_closed_as_it_went(admin: User, client_of: ClientOf) -> None:
    """Saving a role meanwhile forgets no rule: else the field would come back open."""
    role, row, by, now = Role.objects.get(code="sales"), made("底价"), Author.system(), timezone.now()
    role.field_rules = {row.key: "hidden"}
    role.save()
    bin_field(row, by=by, at=now)
    form = {"name": "销售", "version": str(role.version), **role.grants}
    assert client_of(admin).post(f"/settings/roles/{role.pk}/", form).status_code == 302
    restore_field(row, by=by, at=now)
    role.refresh_from_db()
    assert (role.name, role.field_rules) == ("销售", {row.key: "hidden"})


def test_many_values_are_looked_through_by_a_job(
    rep: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kebu.office.custom_fields.actions.AT_ONCE", 1)
    row, client = made("床位"), client_of(admin)
    records = [make_customer(rep, **{row.name: text}) for text in ("20", "30", "很多")]
    form = {**PLAIN, "label": "床位", "value_kind": "number", "version": "1"}

    def asked() -> Job:
        answer = client.post(f"{PAGE}{row.pk}/", form, headers=HTMX)
        assert "正在后台逐条检查" in answer.content.decode()
        job = Job.objects.get(kind=REFIT, state="queued")
        Job.objects.filter(pk=job.pk).update(state="running", lease_until=timezone.now(), lease_holder="test")
        job.refresh_from_db()
        return job

    with pytest.raises(JobFailed, match="有1条内容不能原样变成“数字”，如 很多"):
        refit(asked(), lambda: None)
    Job.objects.filter(kind=REFIT).delete()
    row.refresh_from_db()
    assert (row.value_kind, row.version) == ("text", 1)
    Customer.objects.filter(pk=records[2].pk).update(custom={row.name: "40"})
    job = asked()
    assert refit(job, lambda: None) == {"field": row.pk}
    assert refit(job, lambda: None) == {}  # its worker died before it could say so
    row.refresh_from_db()
    assert (row.value_kind, row.version) == ("number", 2)
