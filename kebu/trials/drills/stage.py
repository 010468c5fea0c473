"""What the create doors hang on: who opens them, one customer with everything, and what addresses name."""

from dataclasses import dataclass, field
from uuid import uuid4

from kebu.trials.drills.doors import KEY, Door, Words, first_customer
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.kept_doors import DOORS as KEPT
from kebu.trials.drills.office_doors import DOORS as OFFICE
from kebu.trials.drills.work_doors import DISPUTE, meeting_of, sighting_of
from kebu.trials.drills.work_doors import DOORS as WORK
from kebu.trials.site.browser import Browser

DOORS = (*WORK, *KEPT, *OFFICE)
PEOPLE = ("xiaoshou", "zhuguan", "admin")
PLACE, CITY = "浙江省杭州市西湖区文三路1号", "330100"
HIDDEN, CONTESTED = "别人的客户甲", "别人的客户乙"


@dataclass(frozen=True, slots=True)
class Stage:
    """The people's browsers and the words of all addresses."""

    ground: Ground
    browsers: dict[str, Browser]
    words: Words
    forms: dict[str, dict[str, str]] = field(default_factory=dict)

    def served(self, door: Door, words: Words, *, is_anew: bool) -> dict[str, str]:
        """The form of a door: opened now, or as it was served before, with a key of its own."""
        if is_anew or door.code not in self.forms:
            self.forms[door.code] = door.opened(self.browsers[door.who], words)
        elif KEY in self.forms[door.code]:
            self.forms[door.code][KEY] = uuid4().hex
        return dict(self.forms[door.code])

    def key_of(self, table: str, column: str, value: str) -> str:
        """The key of the row that says so in that column."""
        sql = f"SELECT max(id) FROM {table} WHERE {column} = %s"  # noqa: S608  names of our own tables
        return str(self.ground.database.rows(sql, value)[0][0])


def set_stage(ground: Ground) -> Stage:
    """Sign in, and make what the doors hang on."""
    browsers = {name: ground.browser(name) for name in PEOPLE}
    rep, admin = browsers["xiaoshou"], browsers["admin"]
    customer = first_customer(rep, "被演练的客户", 99_999_999, address=PLACE)
    stage = Stage(ground, browsers, {"customer": customer, "city": CITY})
    for number, name in enumerate((HIDDEN, CONTESTED)):
        first_customer(admin, name, 99_999_900 + number)
    contested = {"sighting": sighting_of(rep, CONTESTED)}
    DISPUTE.make(rep, CONTESTED, 0, contested)
    key = stage.key_of
    words = {
        "customer_pk": key("customers_customer", "number", customer),
        "contact": key("contacts_contact", "name", "被演练的客户联系人"),
        "user": key("staff_user", "username", "xiaoshou"),
        "sales": key("staff_role", "code", "sales"),
        "tag": str(ground.database.rows("SELECT min(id) FROM tags_tag")[0][0]),
        "meeting": meeting_of(browsers["zhuguan"]),
        "sighting": sighting_of(rep, HIDDEN),
        "dispute": key("disputes_dispute", "reason", CONTESTED),
    }
    return Stage(ground, browsers, {**stage.words, **words})
