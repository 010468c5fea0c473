"""Create doors of the office: staff, roles, lists, tags, fields, days, rules, ways out."""

from datetime import date, timedelta

from kebu.trials.drills.doors import Door, KeyOf, Trace, Words, beginning
from kebu.trials.drills.kept_doors import named, nothing
from kebu.trials.site.browser import Browser

START = "/settings/"
FIRST_DAY = date(2031, 1, 1)
PASSWORD = "kept-by-the-drill-2026"  # noqa: S105  of nobody


def role_first(browser: Browser, mark: str, serial: int, words: Words, key_of: KeyOf) -> Words:
    """A role that can be copied."""
    ROLE.make(browser, name := f"{mark}原", serial, words)
    return {**words, "role": key_of("staff_role", "name", name)}


def hired(mark: str, _serial: int, words: Words) -> dict[str, str]:
    """Somebody new, of a shipped role."""
    return {"name": mark, "username": mark, "password": PASSWORD, "roles": words["sales"]}


def channelled(mark: str, _serial: int, _words: Words) -> dict[str, str]:
    """A way out that nothing is sent by: it is chosen for no kind of notice."""
    return {"name": mark, "way": "webhook", "address": "https://example.com/kebu", "secret": "s" * 16}


USER = Door(
    "user",
    f"{START}users/new/",
    hired,
    (Trace("staff_user", "username", "user"),),
    claims="office.staff 'user'",
    who="admin",
    most=60,
)
DEPARTMENT = Door(
    "department",
    f"{START}departments/new/",
    named,
    (Trace("staff_department", "name", "department"),),
    claims="office.staff 'department'",
    who="admin",
    removal=f"{START}departments/%s/removal/",
)
ROLE = Door(
    "role",
    f"{START}roles/new/",
    named,
    (Trace("staff_role", "name", "role"),),
    claims="office.staff 'role'",
    who="admin",
    removal=f"{START}roles/%s/removal/",
)
ROLE_COPY = Door(
    "role-copy",
    START + "roles/{role}/copy/",
    nothing,
    (Trace("staff_role", beginning("name", "role-copy"), "role", "name LIKE '%%副本%%'"),),
    claims=ROLE.claims,
    page=START + "roles/{role}/",
    who="admin",
    before=role_first,
    removal=f"{START}roles/%s/removal/",
    after=START + "roles/{role}/removal/",
)
TERM = Door(
    "term",
    "/dictionaries/new/?kind=source",
    named,
    (Trace("vocabulary_term", "name", "term"),),
    claims="office.vocabulary 'term'",
    who="admin",
    most=60,
)
CHANNEL = Door(
    "channel",
    f"{START}notices/new/",
    channelled,
    (Trace("notices_channel", "name", "notice-channel"),),
    claims="office.notices 'notice-channel'",
    who="admin",
    removal=f"{START}notices/%s/removal/",
)
OWN_CHANNEL = Door(
    "own-channel",
    "/notices/channels/new/",
    channelled,
    (Trace("notices_channel", "name", "notice-channel"),),
    claims=CHANNEL.claims,
    removal="/notices/channels/%s/removal/",
)
CADENCE = Door(
    "cadence",
    "/cadence/rules/A/contact/",
    lambda mark, _serial, _words: {"name": mark},
    (Trace("cadence_rulechange", "wish ->> 'name'"),),
    claims="crm.cadence 'cadence'",
    who="admin",
    most=60,
)
TAG_GROUP = Door(
    "tag-group",
    f"{START}tags/groups/new/",
    named,
    (Trace("tags_taggroup", "name", "tag-group"),),
    control="dimension",
    who="admin",
    removal=f"{START}tags/groups/%s/removal/",
)
TAG = Door(
    "tag",
    f"{START}tags/new/",
    named,
    (Trace("tags_tag", "name", "tag"),),
    control="aliases",
    who="admin",
    removal=f"{START}tags/%s/removal/",
)
TAG_RULE = Door(
    "tag-rule",
    f"{START}tags/rules/new/?grade=A",
    lambda mark, _serial, words: {"name": mark, "tag": words["tag"]},
    (Trace("tagging_tagrule", "name", "tag-rule"),),
    control="from_on",
    who="admin",
    removal=f"{START}tags/rules/%s/removal/",
)
FIELD = Door(
    "own-field",
    f"{START}fields/new/",
    lambda mark, _serial, _words: {"label": mark, "value_kind": "text"},
    (Trace("custom_fields_ownfield", "label", "own-field"),),
    control="value_kind",
    who="admin",
    most=40,
)
DAY = Door(
    "day",
    f"{START}workdays/new/",
    lambda mark, serial, _words: {"name": mark, "day": (FIRST_DAY + timedelta(days=serial)).isoformat()},
    (Trace("workdays_officeday", "name", "office-day"),),
    control="day",
    who="admin",
    most=60,
)
DOORS = (
    USER, DEPARTMENT, ROLE, ROLE_COPY, TERM, CHANNEL, OWN_CHANNEL, CADENCE, TAG_GROUP, TAG, TAG_RULE, FIELD,
    DAY,
)  # fmt: skip
