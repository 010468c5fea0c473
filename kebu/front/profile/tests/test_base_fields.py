"""The base fields of the requirements: each can be typed as people write it, is kept, and is shown."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from kebu.base.fields.directories import Context
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.fields import INTERACTION_FIELDS
from kebu.crm.interactions.models import Interaction
from kebu.crm.promises.models import Promise
from kebu.office.staff.models import User
from kebu.office.vocabulary.models import Term
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "sheet"}

# field: what is typed or chosen, and what the page shows
BASIC = {
    "name": ("海纳科技有限公司", "海纳科技有限公司"),
    "customer_type": ("won", "成交客户"),
    "grade": ("B", "B"),
    "phone": ("0512-62850917转123", "0512-6285 0917 转 123"),
    "email": ("zhou@example.com", "zhou@example.com"),
    "wechat": ("zhou-work", "zhou-work"),
    "region": ("昆山市", "江苏省-苏州市-昆山市"),
    "address": ("昆山市前进路1号", "昆山市前进路1号"),
    "source_detail": ("2024年春季行业展会", "2024年春季行业展会"),
    "first_contact_on": ("2024年5月1日", "2024-05-01"),
    "remark": ("两行\n备注", "两行"),
    "need": ("采购原材料A，月需求50吨", "采购原材料A，月需求50吨"),
    "need_types": (["purchase", "support"], "产品采购、技术支持"),
    "pain_points": ("交期长", "交期长"),
    "service_requirements": ("驻厂调试", "驻厂调试"),
    "purchase_intent": ("clear", "明确需求"),
    "need_stage": ("consideration", "考虑"),
    "urgency": ("high", "高"),
    "budget": ("10万-20万", "10–20万"),
    "decision_cycle": ("两个月", "两个月"),
    "decision_chain": ("使用者-技术部，决策者-总经理", "决策者-总经理"),
    "delivery_on": ("2027/3/5", "2027-03-05"),
    "next_step": ("发报价单", "发报价单"),
    "value_tier": ("vip", "VIP"),
    "potential_score": ("75分", "75"),
    "tags": (["重点客户", "价格敏感"], "价格敏感"),
}
COMPANY = {
    "industry": ("IT服务", "软件和信息技术服务业"),
    "headcount": ("100_500", "100-500人"),
    "revenue": ("20m_100m", "2000万-1亿"),
    "main_business": ("丝杠加工", "丝杠加工"),
    "development_stage": ("growth", "成长"),
    "credit_code": ("91320594MA1MTXYQ07", ""),
    "website": ("www.example.com", "https://www.example.com"),
}
PERSON = {
    "gender": ("female", "女"),
    "birthday": ("农历八月十五", "农历八月十五"),
    "company_name": ("海纳科技", "海纳科技"),
    "job_title": ("采购经理", "采购经理"),
    "consumption_preference": ("环保材料", "环保材料"),
    "purchase_frequency": ("每月一次", "每月一次"),
    "price_sensitivity": ("low", "低"),
}
ELSEWHERE = {"kind", "owner", "stage", "source", "next_follow_up_at", "credit_code"}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "own"), [("company", COMPANY), ("person", PERSON)])
def test_every_field_is_typed_kept_and_shown(
    kind: str, own: dict[str, tuple[str, str]], rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    typed = {**BASIC, **own}
    assert {item.name for item in CUSTOMER_FIELDS.editable(kind)} - ELSEWHERE == typed.keys() - ELSEWHERE
    customer, client = make_customer(rep, kind=kind), client_of(rep)
    for name in typed.keys() - ELSEWHERE:
        value, shown = typed[name]
        customer.refresh_from_db()
        url = f"{customer.get_absolute_url()}field/{name}/"
        answer = client.post(url, {name: value, "version": customer.version}, headers={"HX-Request": "true"})
        assertContains(answer, shown, msg_prefix=name)
    page = client.get(customer.get_absolute_url())
    for name in typed.keys() - ELSEWHERE - {"next_step"}:
        assertContains(page, typed[name][1], msg_prefix=name)


LISTS = {
    "customer_type": ["潜在客户", "意向客户", "成交客户", "流失客户"],
    "grade": ["A级", "B级", "C级"],
    "value_tier": ["VIP", "中等", "普通", "潜力"],
    "development_stage": ["初创", "成长", "成熟"],
    "purchase_intent": ["明确需求", "潜在需求"],
    "need_stage": ["认知", "考虑", "决策", "复购"],
    "urgency": ["高", "中", "低"],
    "stage": ["初次接触", "需求分析", "方案制定", "报价", "谈判", "签约意向", "成交"],
    "headcount": ["50人以下", "50-100人", "100-500人", "500-1000人", "1000人以上"],
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.usefixtures("shipped")
def test_fixed_lists_are_those_of_the_requirements(name: str) -> None:
    assert [str(label) for _value, label in CUSTOMER_FIELDS[name].kind.choices(Context())] == LISTS[name]


def test_the_lists_of_a_follow_up_are_those_of_the_requirements() -> None:
    def labels(name: str) -> list[str]:
        return [str(label) for _value, label in INTERACTION_FIELDS[name].kind.choices(Context())]

    assert labels("status") == ["进行中", "待客户反馈", "已完成"]
    assert labels("method") == ["电话", "微信", "邮件", "拜访/面谈", "线上会议", "短信", "其他"]


def test_everything_of_a_contact(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    customer, client = make_customer(rep), client_of(rep)
    typed = {
        "name": "单桂静",
        "title": "技术总监",
        "department": "研发部",
        "phone": "139 1234 5678",
        "email": "shan@example.com",
        "wechat": "shan-work",
        "role": "decider",
        "preference": "meeting",
        "birthday": "3月5日",
        "remark": "上午好找",
    }
    assert typed.keys() == CONTACT_FIELDS.keys()
    url = f"/contacts/new/?customer={customer.number}"
    assert client.post(url, {**typed, "submission": "k1"}, headers=HTMX).status_code == 204
    person = Contact.objects.get()
    kept = {name: item.text(person, Context()) for name, item in CONTACT_FIELDS.items()}
    assert kept == typed | {"role": "决策者", "preference": "面谈"}
    page = client.get(customer.get_absolute_url())
    for text in ("单桂静", "技术总监", "决策者", "139 1234 5678"):
        assertContains(page, text)
    assertContains(client.get(f"/contacts/{person.pk}/edit/", headers=HTMX), "只记工作电话")


def test_everything_of_a_follow_up(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    customer, client = make_customer(rep), client_of(rep)
    points = {
        "summary": "谈了账期",
        "feedback": "1周内回复",
        "need_change": "加到80套",
        "objections": "嫌交期长",
        "our_promise": "寄样品",
        "their_promise": "给图纸",
        "next_step": "3月10日发送报价单",
    }
    form = {**points, "method": "visit", "status": "waiting", "submission": "k1"}
    url = f"/interactions/new/?customer={customer.number}"
    assert client.post(url, form, headers={"HX-Request": "true"}).status_code == 200
    told = Interaction.objects.get()
    page = client.get(customer.get_absolute_url())
    for text in (
        *points.values(),
        "拜访/面谈",
        "待客户反馈",
        f"{timezone.localtime(told.happened_at):%H:%M}",
    ):
        assertContains(page, text)
    for text in ("通话前一分钟", "上次谈到", "顾虑", "我们答应的", "对方答应的"):
        assertContains(page, text)


def test_a_birthday_within_a_month_is_remembered(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    soon, later = timezone.localdate() + timedelta(days=10), timezone.localdate() + timedelta(days=90)
    people = [
        {"name": "单桂静", "birthday": f"--{soon:%m-%d}"},
        {"name": "王磊", "birthday": f"--{later:%m-%d}"},
    ]
    page = client_of(rep).get(make_customer(rep, people).get_absolute_url())
    assertContains(page, "单桂静生日")
    assertNotContains(page, "王磊生日")


def test_what_is_missing_is_told(rep: User, client_of: ClientOf) -> None:
    """A name and a contact way are enough; what a complete record lacks stands on its page (X5)."""
    client = client_of(rep)
    form = client.get("/customers/new/").content.decode()
    assert form.count('<abbr title="必填">*</abbr>') >= 1
    client.post("/customers/new/", {"kind": "company", "name": "海纳", "wechat": "hn", "submission": "k1"})
    customer = Customer.objects.get()
    page = client.get(customer.get_absolute_url())
    assertContains(page, f"资料{customer.completeness}%，缺")
    assertContains(page, "缺客户来源、首次接触时间、所属行业等")
    few = customer.completeness
    values = {
        "industry": "C35",
        "headcount": "100_500",
        "source": str(Term.objects.get(kind="source", code="exhibition").pk),
        "first_contact_on": "2024-05-01",
        "phone": "13800138000",
    }
    for name, value in values.items():
        customer.refresh_from_db()
        url = f"{customer.get_absolute_url()}field/{name}/"
        client.post(url, {name: value, "version": customer.version}, headers={"HX-Request": "true"})
    client.post(
        f"/contacts/new/?customer={customer.number}",
        {"name": "王磊", "title": "采购经理", "submission": "k2"},
    )
    customer.refresh_from_db()
    assert few < customer.completeness == 100
    page = client.get(customer.get_absolute_url())
    assertContains(page, "资料100%")
    assertContains(page, "选填的还有")  # what is folded away counts for nothing there


def test_province_and_city_come_from_the_address(rep: User, make_customer: MakeCustomer) -> None:
    assert make_customer(rep, address="苏州市吴中区临湖路118号").region == "320506"
    assert make_customer(rep, address="临湖路118号").region == ""


def test_only_promises_that_are_open_are_remembered_before_a_call(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    late = timezone.localdate() - timedelta(days=3)
    form = {
        "summary": "谈交期", "method": "phone", "status": "ongoing", "submission": "k1",
        "our_promise": "寄样品", "our_promise_on": late.isoformat(), "their_promise": "给图纸",
    }  # fmt: skip
    url = f"/interactions/new/?customer={customer.number}"
    assert client.post(url, form, headers={"HX-Request": "true"}).status_code == 200

    def note() -> str:
        page = client.get(customer.get_absolute_url()).content.decode()
        return page.partition('id="reminders"')[2].partition("</section>")[0]

    assert "逾期3天" in note()
    ours = Promise.objects.get(side="ours")
    settled = {"to": "kept", "version": ours.version}
    assert client.post(f"/promises/{ours.pk}/settlement/", settled, headers={"HX-Request": "true"})
    ours.refresh_from_db()
    assert not ours.is_open
    assert "寄样品" not in note()
    assert "给图纸" in note()
    part = client.get(customer.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "promises"})
    assertContains(part, 'id="reminders" hx-swap-oob="true"')
