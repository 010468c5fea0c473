"""The rules that look at an own field, for who is about to throw it away."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from kebu.crm.tagging.queries import every_rule
from kebu.office.custom_fields.queries import used_in


@used_in
def rules(key: str) -> Iterator[str]:
    """In words; without the field such a rule is none, and gives no more tags."""
    name = key.removeprefix("customer.")
    for rule in every_rule():
        if name in rule.names:
            yield _("自动标签规则“%(name)s”") % {"name": rule.name}
