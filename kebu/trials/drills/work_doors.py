"""Create doors of the work with customers: plans, visits, meetings, needs, changes, disputes, consents."""

from datetime import date, timedelta

from kebu.trials.drills.doors import (
    CONTACT,
    CUSTOMER,
    INTERACTION,
    Door,
    KeyOf,
    Trace,
    Words,
    number_in,
    target,
)
from kebu.trials.site.browser import Browser

TODAY = date.today()  # noqa: DTZ011  any day will do
TOMORROW = (TODAY + timedelta(days=1)).isoformat()
TIMES = {"starts_at": f"{TOMORROW}T09:00", "due_at": f"{TOMORROW}T18:00"}
TALKED = Trace("interactions_interaction", "summary", "interaction")
PLANNED = Trace(
    "followups_plan", "goal", "plan", "source <> 'visit'"
)  # a visit takes its goal from the next step
SAID = Trace("meetings_point", "text", "point")


def planned(mark: str, _serial: int, words: Words) -> dict[str, str]:
    """A plan for tomorrow."""
    kind = {"kind": "follow_up", "method": "phone", "executors": words["user"]}
    return {"goal": mark, "expected": "约好演示", **kind, **TIMES}


def plan_first(browser: Browser, mark: str, serial: int, words: Words, key_of: KeyOf) -> Words:
    """A plan that can be completed."""
    PLAN.make(browser, goal := f"{mark}前", serial, words)
    return {**words, "plan": key_of("followups_plan", "goal", goal)}


def completed(mark: str, _serial: int, _words: Words) -> dict[str, str]:
    """What was said, and the plan that follows."""
    then = {f"then-{name}": value for name, value in TIMES.items()}
    return {"summary": mark, "then-goal": mark, "then-expected": "签单", **then}


def disputed(mark: str, _serial: int, _words: Words) -> dict[str, str]:
    """Asking to have the customer."""
    return {"aim": "contest", "reason": mark, "evidence": "名片"}


PLAN = Door(
    "plan",
    "/plans/new/?customer={customer}",
    planned,
    (PLANNED,),
    claims="crm.followups 'plan'",
)
COMPLETION = Door(
    "completion",
    "/plans/{plan}/completion/",
    completed,
    (TALKED, PLANNED),
    claims="crm.followups 'completion'",
    before=plan_first,
)
QUICK = Door(
    "quick",
    "/interactions/quick/?q={customer}",
    lambda mark, _serial, words: {"summary": mark, "customer": words["customer"]},
    (TALKED,),
    claims=INTERACTION.claims,
)
KEY_DATE = Door(
    "key_date",
    "/key-dates/new/?customer={customer}",
    lambda mark, _serial, _words: {"name": mark, "sort": "contract", "next_on": TOMORROW, "repeat": "year"},
    (Trace("key_dates_keydate", "name", "key-date"),),
    claims="crm.key_dates 'key-date'",
)
PURCHASE = Door(
    "purchase",
    "/purchases/new/?customer={customer}",
    lambda mark, _serial, _words: {"what": mark, "bought_on": TODAY.isoformat(), "amount": "12000"},
    (Trace("purchases_purchase", "what", "purchase"),),
    claims="crm.purchases 'purchase'",
)
CHANGE = Door(
    "change",
    "/changes/new/?customer={customer}",
    lambda mark, _serial, _words: {"content": mark, "sort": "other", "happened_on": TODAY.isoformat()},
    (Trace("changes_importantchange", "content", "important-change"),),
    claims="crm.changes 'change'",
)
CONSENT = Door(
    "consent",
    "/personal-data/contact-{contact}/consents/",
    lambda mark, _serial, _words: {
        "evidence": mark,
        "purposes": "contact",
        "given_on": TODAY.isoformat(),
        "source": "spoken",
    },
    (Trace("consents_consent", "evidence", "consent"),),
    claims="crm.consents 'consent'",
    page="/personal-data/contact-{contact}/",
)
DISPUTE = Door(
    "dispute",
    "/disputes/new/?sighting={sighting}",
    disputed,
    (Trace("disputes_dispute", "reason", "dispute"),),
    claims="crm.disputes 'dispute'",
    removal="/disputes/%s/withdrawal/",
)
TRIP = Door(
    "trip",
    "/visits/new/?city={city}",
    lambda _mark, _serial, words: {"on": TOMORROW, "numbers": words["customer"]},
    (
        Trace("visits_trip", "'/visits/' || id || '/'"),
        Trace("visits_stop", "'/visits/' || trip_id || '/'"),
    ),
    claims="crm.visits 'trip'",
    by_target="/visits/%",
)
PROBLEM = Door(
    "problem",
    "/meetings/{meeting}/problems/",
    lambda mark, _serial, _words: {"problem-text": mark},
    (SAID,),
    claims="front.meetings 'point'",
    control="problem-text",
    page="/meetings/{meeting}/?rep={user}",
    who="zhuguan",
    most=200,
)
DECISION = Door(
    "decision",
    "/meetings/{meeting}/decisions/",
    lambda mark, _serial, _words: {"decision-text": mark, "decision-expected": "签单"},
    (SAID, PLANNED),
    claims="front.meetings 'point'",
    control="decision-text",
    page="/meetings/{meeting}/?rep={user}",
    who="zhuguan",
    most=200,
)
DOORS = (
    CUSTOMER, CONTACT, INTERACTION, QUICK, PLAN, COMPLETION, KEY_DATE, PURCHASE, CHANGE, CONSENT, DISPUTE,
    TRIP, PROBLEM, DECISION,
)  # fmt: skip


def meeting_of(leader: Browser) -> str:
    """The key of the leader's meeting of this week, opened now."""
    answer = leader.post("/meetings/", {"csrfmiddlewaretoken": leader.cookies["csrftoken"]})
    return number_in(r"/meetings/(\d+)/", target(answer))


def sighting_of(asker: Browser, name: str) -> str:
    """What one is told of somebody else's customer, by its name."""
    answer = asker.post(
        "/duplicates/", {"csrfmiddlewaretoken": asker.cookies["csrftoken"], "name": name}, fragment=True
    )
    return number_in(r"sighting=([0-9a-f]{32})", answer.text)
