"""Every main page as a person meets it: what the pictures show and what axe looks at."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import Page, expect

from tests.journeys.stage import ADMIN, MANAGER, REP, Stage

RICHEST = """
    SELECT c.number FROM customers_customer c
    JOIN staff_user u ON u.id = c.owner_id AND u.username = %s
    JOIN interactions_interaction i ON i.customer_id = c.id
    WHERE c.archived_at IS NULL AND c.kind = 'company' AND c.grade = 'A'
    GROUP BY c.id, c.number ORDER BY COUNT(*) DESC, c.id LIMIT 1
"""
JOINED = "or(industry.is:C,budget.above:10%E4%B8%87,contact.birthday.within:next_week)"


@dataclass(frozen=True, slots=True)
class Scene:
    """One page: where it is, who looks at it, what is done before the look."""

    name: str
    path: str
    who: str = REP
    act: Callable[[Page], None] | None = None
    is_long: bool = True
    widths: tuple[int, ...] = (1440, 390)


def is_phone(page: Page) -> bool:
    size = page.viewport_size
    return size is not None and size["width"] < 768


def tap(page: Page, what: str, seen: str) -> None:
    """Tap the first of these and wait for what that opens."""
    page.locator(what).first.click()
    expect(page.locator(seen).first).to_be_visible()


open_panel = partial(tap, what="#customer-list tbody a.k-name", seen="#panel .k-panel-body")
ask_move = partial(tap, what="[data-move]", seen="#move")
open_sharing = partial(tap, what="button[aria-label='加协作人']:visible", seen="#dialog form")
open_plan = partial(tap, what="#plans tbody a.k-name", seen="#dialog .k-facts")
complete_plan = partial(tap, what="#plans tbody a[href$='/completion/']", seen="#sheet textarea")
new_plan = partial(tap, what=".k-head a:has-text('新建计划')", seen="#sheet input[name=goal]")
ask_reset = partial(tap, what="a[aria-label^='全部退出']:visible", seen="#dialog .btn-danger")
choose_city = partial(tap, what=".k-visit-cities a", seen=".k-visit-district")


def pick_rows(page: Page) -> None:
    boxes = page.locator("#customer-list tbody [name=ids]")
    for place in range(3):
        boxes.nth(place).check()
    expect(page.locator("#bulk")).to_be_visible()


def choose_cards(page: Page) -> None:
    page.locator("[data-select-mode]").click()
    cards = page.locator("#customer-list tbody tr")
    for place in range(2):
        cards.nth(place).click()
    expect(page.locator("#bulk")).to_contain_text("已选2个")


def pick(page: Page) -> None:
    (choose_cards if is_phone(page) else pick_rows)(page)


def open_conditions(page: Page) -> None:
    page.get_by_role("link", name="筛选" if is_phone(page) else "条件").click()
    expect(page.locator("#sheet")).to_be_visible()


def open_columns(page: Page) -> None:
    page.get_by_role("link", name="列", exact=True).click()
    expect(page.locator("#sheet [data-cols-item]").first).to_be_visible()


def open_new(page: Page) -> None:
    page.get_by_role("link", name="新建" if is_phone(page) else "新建客户").first.click()
    expect(page.locator("#sheet input[name=name]")).to_be_visible()


def open_log(page: Page) -> None:
    if is_phone(page):
        page.get_by_role("button", name="记跟进", exact=True).click()
    else:
        page.keyboard.press("f")
    expect(page.locator("#sheet form")).to_be_visible()


def ask_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.locator("#palette input").press_sequentially("sz")
    expect(page.locator("#hits mark").first).to_be_visible()


def open_keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#keys-list dt").first).to_be_visible()


def open_field(page: Page) -> None:
    page.locator("dd[data-edit]").filter(visible=True).nth(2).click()
    expect(page.locator("dd[data-edit] form")).to_be_visible()


def fail_sign_in(page: Page) -> None:
    page.get_by_label("账号").fill("wangxiaomei")
    page.get_by_label("密码").fill("not-the-password")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()


def give_link(page: Page) -> None:
    page.locator("a.k-name").nth(2).click()
    page.locator("#sheet button[formaction]").click()
    expect(page.locator("#password-link")).to_be_visible()


def ask_removal(page: Page) -> None:
    page.get_by_role("link", name="审计员", exact=True).click()
    page.get_by_role("link", name="删除", exact=True).click()
    expect(page.locator("#dialog .btn-danger")).to_be_visible()


def back_up(page: Page) -> None:
    """One archive to look at; the second look finds it there."""
    if not page.locator("#backups tbody tr").count():
        page.get_by_role("button", name="立即备份").click()
    expect(page.locator("#backups tbody tr").first).to_be_visible(timeout=20_000)


def open_export(page: Page) -> None:
    pick(page)
    page.locator("#bulk").get_by_role("button", name="导出").click()
    expect(page.locator("#sheet .k-outcome-table")).to_be_visible()


def open_edit_of_many(page: Page) -> None:
    pick(page)
    page.locator("#bulk").get_by_role("button", name="修改").click()
    page.locator("#sheet [name=change-grade]").check()
    page.locator("#sheet [name=change-source]").check()
    expect(page.locator("#sheet [name=grade]")).to_be_visible()


def change_many(page: Page) -> None:
    """One batch to look at; the second look finds it there."""
    if not page.locator("#batches tbody tr").count():
        page.goto(page.url.replace("/batches/", "/customers/?view=team"))
        open_edit_of_many(page)
        page.locator("#sheet [data-main]").click()
        expect(page.get_by_role("region", name="会改")).to_be_visible()
        page.locator("#sheet [data-main]").click()
        expect(page.locator("#sheet")).to_be_hidden()
        page.goto(page.url.replace("/customers/?view=team", "/batches/"))
    expect(page.locator("#batches tbody tr").first).to_be_visible()


def look_at_batch(page: Page) -> None:
    change_many(page)
    page.locator("#batches a.k-name").first.click()
    expect(page.locator("#batch")).to_be_visible()


def delete_one(page: Page) -> None:
    """One deleted customer to look at; the second look finds it there."""
    if not page.locator("#bin tbody tr").count():
        page.goto(page.url.replace("/recycle-bin/", "/customers/?view=team&sort=-created_at"))
        page.goto(
            page.url.partition("/customers/")[0]
            + str(page.locator("#customer-list a.k-name").last.get_attribute("href"))
        )
        ask_deletion(page)
        page.locator("#dialog .btn-danger").click()
        expect(page.locator("#customer-list")).to_be_visible()
        page.goto(page.url.partition("/customers/")[0] + "/recycle-bin/")
    expect(page.locator("#bin tbody tr").first).to_be_visible()


def ask_deletion(page: Page) -> None:
    page.locator("#head summary").first.click()
    page.locator("#head a.k-danger").click()
    expect(page.locator("#dialog .btn-danger")).to_be_visible()


def keep_a_view(page: Page) -> None:
    """One saved view among the tabs; the second look finds it there."""
    if not page.get_by_role("link", name="A级大客户", exact=True).count():
        page.goto(page.url.replace("/views/", "/views/new/?view=team&grade=A&sort=name"))
        page.get_by_label("名称").fill("A级大客户")
        page.locator("main .btn-primary").click()
        page.goto(page.url.partition("/customers/")[0] + "/views/")
    expect(page.get_by_role("link", name="A级大客户", exact=True)).to_be_visible()


def change_a_view(page: Page) -> None:
    keep_a_view(page)
    page.goto(page.url.replace("/views/", "/customers/"))
    page.get_by_role("link", name="A级大客户").click()
    page.goto(page.url + "&customer_type=won&sort=name")
    expect(page.locator("#standing")).to_contain_text("已改动")


def keep_a_segment(page: Page) -> None:
    """One segment with a snapshot; the second look finds it there."""
    if not page.get_by_role("link", name="A级客户回访", exact=True).count():
        page.goto(page.url.replace("/segments/", "/segments/new/?view=team&grade=A&sort=name"))
        page.get_by_label("名称").fill("A级客户回访")
        page.get_by_label("用途").fill("季度回访")
        page.locator("main .btn-primary").click()
        page.get_by_role("button", name="存今天的快照").click()
        page.goto(page.url.partition("/segments/")[0] + "/segments/")
    expect(page.get_by_role("link", name="A级客户回访", exact=True)).to_be_visible()


def look_at_segment(page: Page) -> None:
    keep_a_segment(page)
    page.get_by_role("link", name="A级客户回访", exact=True).click()
    expect(page.locator("#segment table")).to_be_visible()


def compare_segment(page: Page) -> None:
    look_at_segment(page)
    page.get_by_role("link", name="看名单").click()
    expect(page.locator("#comparison table")).to_be_visible()


def plan_a_round(page: Page) -> None:
    choose_city(page)
    for box in page.locator("[name=numbers]").all()[:3]:
        box.check()
    page.get_by_role("button", name="排进拜访计划").click()
    expect(page.locator(".k-visit-stops > li").first).to_be_visible()


def hold_a_meeting(page: Page) -> None:
    """This week's meeting with a problem noted; the second look goes on with it."""
    page.locator("main form .btn-primary").click()
    if not page.get_by_text("样品迟迟不到").count():
        page.locator("[name=problem-text]").fill("样品迟迟不到")
        page.get_by_role("button", name="记下问题").click()
    expect(page.get_by_text("样品迟迟不到").first).to_be_visible()


SCENES = (
    Scene("plans", "/plans/"),
    Scene("plans-team", "/plans/?view=team", MANAGER),
    Scene("records", "/interactions/?view=team", MANAGER),
    Scene("plan", "/plans/", act=open_plan, is_long=False),
    Scene("plan-completion", "/plans/", act=complete_plan, is_long=False),
    Scene("plan-new", "/plans/", act=new_plan, is_long=False),
    Scene("signin", "/sign-in/", who=""),
    Scene("promises", "/promises/"),
    Scene("pool", "/pool/"),
    Scene("key-dates", "/key-dates/?tab=contract"),
    Scene("purchases", "/purchases/", who=MANAGER),
    Scene("purchases-growth", "/purchases/?tab=growth", who=MANAGER),
    Scene("purchase-new", "/purchases/new/?customer={customer}"),
    Scene("churn", "/churn/"),
    Scene("promise-rates", "/promises/?tab=rates", who=MANAGER),
    Scene("changes", "/changes/", who=MANAGER),
    Scene("changes-late", "/changes/?tab=late", who=MANAGER),
    Scene("signin-refused", "/sign-in/", who="", act=fail_sign_in),
    Scene("desk", "/"),
    Scene("desk-manager", "/", who=MANAGER),
    Scene("due", "/desk/due/", who=MANAGER),
    Scene("meeting", "/meetings/", who=MANAGER, act=hold_a_meeting),
    Scene("review", "/reviews/", who=MANAGER),
    Scene("review-customers", "/reviews/customers/?turned=new", who=MANAGER),
    Scene("visits-new", "/visits/new/", act=choose_city),
    Scene("trip", "/visits/new/", act=plan_a_round),
    Scene("calendar", "/calendar/"),
    Scene("calendar-week", "/calendar/?look=week"),
    Scene("calendar-team", "/calendar/?look=week&who=0", who=MANAGER),
    Scene("calendar-day", "/calendar/?look=day", widths=(390,)),
    Scene("list", "/customers/", is_long=False),
    Scene("list-manager", "/customers/?view=team&grade=A&stage=&sort=name", who=MANAGER, is_long=False),
    Scene("list-picked", "/customers/?view=team", who=MANAGER, act=pick_rows, is_long=False, widths=(1440,)),
    Scene(
        "list-choosing", "/customers/?view=team", who=MANAGER, act=choose_cards, is_long=False, widths=(390,)
    ),
    Scene("list-panel", "/customers/", act=open_panel, is_long=False, widths=(1440,)),
    Scene("list-conditions", "/customers/", act=open_conditions, is_long=False),
    Scene("list-filter", f"/customers/filter/?customer_type=prospect&created_at=last3m&where={JOINED}"),
    Scene("list-columns", "/customers/", act=open_columns, is_long=False, widths=(1440,)),
    Scene("board", "/customers/?look=board&by=stage", is_long=False),
    Scene("board-move", "/customers/?look=board&by=grade", act=ask_move, is_long=False, widths=(390,)),
    Scene("keys", "/customers/", act=open_keys, is_long=False, widths=(1440,)),
    Scene("views", "/views/", who=MANAGER, act=keep_a_view),
    Scene("view-new", "/views/new/?view=team&grade=A&sort=name", who=ADMIN),
    Scene("list-view", "/views/", who=MANAGER, act=change_a_view, is_long=False),
    Scene("segment-new", "/segments/new/?view=team&grade=A&sort=name", who=ADMIN),
    Scene("segments", "/segments/", who=ADMIN, act=keep_a_segment),
    Scene("segment", "/segments/", who=ADMIN, act=look_at_segment),
    Scene("segment-comparison", "/segments/", who=ADMIN, act=compare_segment),
    Scene("list-none", "/customers/?q=没有这样的客户"),
    Scene("new", "/customers/", act=open_new, is_long=False),
    Scene("new-page", "/customers/new/"),
    Scene("customer", "/customers/{customer}/"),
    Scene("customer-facts", "/customers/{customer}/?tab=facts"),
    Scene("customer-people", "/customers/{customer}/?tab=people"),
    Scene("customer-sharing", "/customers/{customer}/?tab=people", act=open_sharing, is_long=False),
    Scene("customer-field", "/customers/{customer}/?tab=facts", act=open_field, is_long=False),
    Scene("customer-edit", "/customers/{customer}/edit/"),
    Scene("contact-new", "/contacts/new/?customer={customer}"),
    Scene("interaction-new", "/interactions/new/?customer={customer}"),
    Scene("log", "/customers/", act=open_log, is_long=False),
    Scene("palette", "/customers/", act=ask_palette, is_long=False),
    Scene("imports", "/imports/", who=MANAGER),
    Scene("exports", "/exports/", who=MANAGER),
    Scene("export-new", "/customers/?view=team", who=MANAGER, act=open_export, is_long=False),
    Scene("archive", "/customers/archive/", who=MANAGER),
    Scene("list-edit", "/customers/?view=team", who=ADMIN, act=open_edit_of_many, is_long=False),
    Scene("batches", "/batches/", who=ADMIN, act=change_many),
    Scene("batch", "/batches/", who=ADMIN, act=look_at_batch),
    Scene("customer-deletion", "/customers/{customer}/", who=ADMIN, act=ask_deletion, is_long=False),
    Scene("recycle-bin", "/recycle-bin/", who=ADMIN, act=delete_one),
    Scene("disputes", "/disputes/", who=MANAGER),
    Scene("disputes-settings", "/settings/disputes/", who=ADMIN),
    Scene("journal", "/journal/", who=ADMIN),
    Scene("history", "/customers/{customer}/history/"),
    Scene("users", "/settings/users/", who=ADMIN),
    Scene("user-new", "/settings/users/new/", who=ADMIN),
    Scene("departments", "/settings/departments/", who=ADMIN),
    Scene("roles", "/settings/roles/", who=ADMIN),
    Scene("role", "/settings/roles/2/", who=ADMIN),
    Scene("role-new", "/settings/roles/new/", who=ADMIN),
    Scene("password-link", "/settings/users/", who=ADMIN, act=give_link, is_long=False),
    Scene("password-dead", "/set-password/3/gone-gone/", who=""),
    Scene("role-removal", "/settings/roles/", who=ADMIN, act=ask_removal, is_long=False),
    Scene("terms", "/dictionaries/", who=ADMIN),
    Scene("industries", "/dictionaries/industries/", who=ADMIN),
    Scene("tags", "/settings/tags/", who=ADMIN),
    Scene("tag-rules", "/settings/tags/rules/", who=ADMIN),
    Scene("cadence", "/cadence/", who=ADMIN),
    Scene("churn-rules", "/churn/rules/", who=ADMIN),
    Scene("purchase-rules", "/purchases/rules/", who=ADMIN),
    Scene("pool-rules", "/pool/rules/", who=ADMIN),
    Scene("cadence-rule", "/cadence/rules/A/contact/", who=ADMIN),
    Scene("workdays", "/settings/workdays/", who=ADMIN),
    Scene("workdays-notice", "/settings/workdays/notice/?year=2027", who=ADMIN),
    Scene("own-fields", "/settings/fields/", who=ADMIN),
    Scene("own-field-new", "/settings/fields/new/", who=ADMIN),
    Scene("own-field-presets", "/settings/fields/presets/medical/", who=ADMIN),
    Scene("notices", "/notices/"),
    Scene("notices-own", "/notices/preferences/"),
    Scene("notices-channel-new", "/notices/channels/new/"),
    Scene("notices-channels", "/settings/notices/", who=ADMIN),
    Scene("notices-outbox", "/settings/notices/outbox/?state=all", who=ADMIN),
    Scene("backups", "/settings/backups/", who=ADMIN, act=back_up),
    Scene("jobs", "/settings/jobs/?ticks=1", who=ADMIN),
    Scene("schedule", "/settings/schedule/", who=ADMIN),
    Scene("reminder-rules", "/settings/reminders/", who=ADMIN),
    Scene("reminders-own", "/notices/reminders/"),
    Scene("privacy", "/settings/privacy/", who=ADMIN),
    Scene("privacy-rule", "/settings/privacy/rules/lost/", who=ADMIN),
    Scene("privacy-person", "/personal-data/contact-1/", who=ADMIN),
    Scene("setup-demo", "/setup/demo/", who=ADMIN),
    Scene("setup-data", "/setup/data/", who=ADMIN),
    Scene("me", "/me/"),
    Scene("two-factor", "/me/two-factor/"),
    Scene("sessions", "/me/sessions/"),
    Scene("signin-policy", "/settings/sign-in/", who=ADMIN),
    Scene("signin-ask", "/settings/sign-in/", who=ADMIN, act=ask_reset, is_long=False),
    Scene("not-found", "/customers/CUS209901001/"),
    Scene("not-allowed", "/settings/users/"),
)


def customer_of(made: Stage, username: str = REP) -> str:
    """The number of the customer with the longest story."""
    return str(made.rows(RICHEST, username)[0][0])


def settle(page: Page) -> None:
    """Wait for what the page itself still asks for."""
    expect(page.locator(".htmx-request")).to_have_count(0)


def open_scene(page: Page, made: Stage, scene: Scene) -> bool:
    """Go there and do what belongs to the scene; False where it is not meant for this width."""
    size = page.viewport_size
    if size is None or size["width"] not in scene.widths:
        return False
    path = scene.path.format(customer=customer_of(made)) if "{" in scene.path else scene.path
    page.goto(made.at(path))
    settle(page)
    if scene.act:
        scene.act(page)
        settle(page)
    return True
