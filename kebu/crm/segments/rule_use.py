"""The rules of tags that ask for a segment: without it they would give no more tags."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.crm.customers.conditions import WHERE
from kebu.crm.segments.models import Segment
from kebu.crm.segments.references import FACET, Used, asked_for, tells_of_use
from kebu.crm.tagging.models import TagRule
from kebu.office.staff.models import User


@tells_of_use
def rules(segment: Segment, user: User) -> Iterator[Used]:
    """By name, as the tags they give tell it; with the way there for who keeps them."""
    for rule in TagRule.objects.filter(where__contains=FACET):
        if segment.pk in asked_for(urlencode({WHERE: rule.where}), [segment]):
            url = reverse("tagging:rules") if user.can(Permission.VOCABULARY_MANAGE) else ""
            yield Used(_("自动标签规则“%(name)s”") % {"name": rule.name}, url)
