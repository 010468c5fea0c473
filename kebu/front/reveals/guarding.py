"""Masked numbers that somebody finds out by importing numbers: each counts as a look and is written down."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import REVEAL, SESSION, Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.dates import day_bounds
from kebu.front.reveals.models import RevealCount

FIELD = "customer.phone"
REASON = "导入的号码和它相同"


class Guard:
    """What room imports asks; see there."""

    @transaction.atomic
    def take(self, found: Mapping[int, str], *, by: Author, at: datetime) -> bool:
        """Count those not counted today; all or, for the caller to roll back, too few."""
        start, _end = day_bounds(localdate(at))
        before = JournalEntry.objects.filter(author_id=by.user_id, kind=REVEAL, record_id__in=list(found))
        before = before.filter(at__gte=start, changes__field__1=FIELD)
        fresh = found.keys() - set(before.values_list("record_id", flat=True))
        most, user_id = settings.KEBU_REVEAL_QUOTA, by.user_id or 0
        if len(fresh) > RevealCount.objects.left(user_id, localdate(at), most):
            return False
        counted = [pk for pk in sorted(fresh) if RevealCount.objects.take(user_id, localdate(at), most)]
        told = {"field": [None, FIELD], "reason": [None, REASON]}
        lines = [Line(REVEAL, pk, found[pk], Action.REVEAL, 0, pk, told) for pk in counted]
        JournalEntry.objects.record(lines, by=by, at=at)
        return len(counted) == len(fresh)

    @transaction.atomic
    def refuse(self, *, by: Author, at: datetime) -> str:
        """Nothing more today: else ever smaller files would tell which number it was."""
        most = settings.KEBU_REVEAL_QUOTA
        RevealCount.objects.spend(by.user_id or 0, localdate(at), most)
        name = _("导入核对脱敏的号码超过每天%(most)d个") % {"most": most}
        JournalEntry.objects.record([Line(SESSION, 0, name, Action.DENY, 0)], by=by, at=at)
        return _(
            "文件里的号码对上了太多你看不到号码的客户（每人每天%(most)d个），没有查完。"
            "把文件拆小，从明天起分几天导入，或请看得到完整号码的同事导入；管理员可以调高 KEBU_REVEAL_QUOTA"
        ) % {"most": most}
