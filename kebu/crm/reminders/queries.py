"""What the office and each person want of reminders, and who leads whom."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.models import ReminderPolicy, Wish
from kebu.office.staff.models import Department, User


def policy() -> ReminderPolicy:
    """The office's rules; as they come while nobody has touched them."""
    return ReminderPolicy.objects.order_by("pk").first() or ReminderPolicy(version=0)


def wish_of(user: User) -> Wish:
    """What somebody wants of reminders."""
    return Wish.objects.filter(user=user).first() or Wish(user=user, version=0)


@dataclass(frozen=True)
class Leads:
    """How long before its time each person is reminded."""

    usual: int
    own: dict[int, int]

    @classmethod
    def read(cls, usual: int) -> "Leads":
        """As people have chosen by now."""
        chosen = Wish.objects.filter(lead_minutes__isnull=False).values_list("user_id", "lead_minutes")
        return cls(usual, {user: int(minutes or 0) for user, minutes in chosen})

    def of(self, user_id: int) -> int:
        """Minutes before its time."""
        return self.own.get(user_id, self.usual)

    @cached_property
    def all(self) -> list[int]:
        """All there are, the shortest first."""
        return sorted({self.usual, *self.own.values()})


def changed_wishes(since: datetime) -> set[int]:
    """Who has chosen anew since then."""
    return set(Wish.objects.filter(updated_at__gt=since).values_list("user_id", flat=True))


def is_on(rule: Rule, office: ReminderPolicy) -> bool:
    """Whether the office wants reminders by this rule."""
    return rule.value not in office.off


def supervisors() -> dict[int, int]:
    """Who leads whom: the manager of the nearest department above who is another person and still here."""
    departments = {row.pk: row for row in Department.objects.select_related("manager")}
    found: dict[int, int] = {}
    for user, own in User.objects.filter(is_active=True).values_list("pk", "department_id"):
        place: int | None = own
        while place is not None and place in departments:
            manager = departments[place].manager
            if manager is not None and manager.is_active and manager.pk != user:
                found[user] = manager.pk
                break
            place = departments[place].parent_id
    return found


def active_users() -> set[int]:
    """Who works here."""
    return set(User.objects.filter(is_active=True).values_list("pk", flat=True))
