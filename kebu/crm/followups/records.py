"""《客户跟进记录表》 as its address asks for it: what was said with customers, the latest first."""

from functools import cached_property
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.ui.paging import Sort
from kebu.crm.followups.asking import Asking
from kebu.crm.interactions.choices import FollowUpStatus, Method
from kebu.crm.interactions.models import TOLD_LATE, Interaction, InteractionQuerySet

WHOSE = (("mine", gettext_lazy("我记的")), ("team", gettext_lazy("全部")))


class RecordList(Asking):
    """Interactions as one reader asks for them."""

    NAMES = ("view", "author", "method", "status", "late", "since", "until")
    ITSELF = ("view",)
    sort = Sort("happened_at", descending=True)

    @cached_property
    def whose(self) -> str:
        known = [code for code, _label in WHOSE if code != "team" or self.sees_others]
        return self.asked["view"] if self.asked["view"] in known else "mine"

    @cached_property
    def author(self) -> int:
        return self.person("author")

    @cached_property
    def rows(self) -> InteractionQuerySet:
        """All that is asked for."""
        found = Interaction.objects.visible_to(self.user)
        if self.whose == "mine":
            found = found.filter(author=self.user.pk)
        return found.filter(self._filters)

    @property
    def _filters(self) -> Q:
        asked, found = self.asked, self.within_days("happened_at")
        if self.author:
            found &= Q(author=self.author)
        if asked["method"] in Method:
            found &= Q(method=asked["method"])
        if asked["status"] in FollowUpStatus:
            found &= Q(status=asked["status"])
        if asked["late"]:
            found &= TOLD_LATE
        return found

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """Whose records."""
        base = reverse("followups:records")
        return [
            {
                "label": label,
                "url": base + self.address(view=code if code != "mine" else ""),
                "is_current": code == self.whose,
                "count": "",
            }
            for code, label in WHOSE
            if code != "team" or self.sees_others
        ]

    @property
    def in_words(self) -> str:
        """Which records these are, in one sentence."""
        parts, asked = [str(dict(WHOSE)[self.whose])], self.asked
        if self.author:
            parts.append(_("记录人%(name)s") % {"name": self.person_name(self.author)})
        if asked["method"] in Method:
            parts.append(str(Method(asked["method"]).label))
        if asked["status"] in FollowUpStatus:
            parts.append(str(FollowUpStatus(asked["status"]).label))
        if asked["late"]:
            parts.append(_("超过24小时才记"))
        return "，".join([*parts, *self.days_in_words])
