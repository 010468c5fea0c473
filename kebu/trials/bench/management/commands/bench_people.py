"""``kebu bench_people``: somebody whose pages are narrowed and partly masked, to measure what rights cost."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.access.choices import FieldRule, Permission, Scope
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.office.staff.actions import hire
from kebu.office.staff.models import Department, Role, User
from kebu.trials.bench.people import PASSWORD, RULED, RULED_NAME, RULED_PLACE

RULES = {
    "customer.phone": FieldRule.MASKED,
    "contact.phone": FieldRule.MASKED,
    "customer.budget": FieldRule.HIDDEN,
    "customer.remark": FieldRule.READ_ONLY,
}


class Command(BaseCommand):
    """Every right over his subtree of departments, with rules of every kind for some fields."""

    help = _("测速用：建一个权限受限的账号")
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(username=RULED).exists():
            return
        grants = {one.value: (Scope.SUBTREE if one.is_scoped else Scope.ALL).value for one in Permission}
        rules = {key: rule.value for key, rule in RULES.items()}
        role = Role.objects.create(name=RULED, grants=grants, field_rules=rules)
        place = Department.objects.get(name=RULED_PLACE)
        values = {"username": RULED, "name": RULED_NAME, "department": place}
        by = Author(None, RULED, Door.COMMAND)
        hire(values, [role], PASSWORD, by=by, at=timezone.now())
