"""TagRule and AutoTag."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kebu.base.records.models import Record
from kebu.crm.customers.models import Customer
from kebu.crm.tagging.choices import AutoState
from kebu.office.tags.models import Tag


class TagRule(Record):
    """A filter, and the tag of every customer who fulfils it (S2-22).

    ``where`` is the filter as the list's address writes it, ``names`` the fields it looks at. Of rules whose
    tags exclude each other the first in order decides. What a rule gave stays when it is switched off or its
    days are over; nothing of it changes then. ``applied_at``: since when all customers were looked through.
    """

    name = models.CharField(_("名称"), max_length=40, unique=True)
    tag = models.ForeignKey(Tag, verbose_name=_("标签"), on_delete=models.PROTECT, related_name="+")
    where = models.TextField(_("条件"))
    names = models.JSONField(default=list, editable=False)
    is_active = models.BooleanField(_("启用"), default=False)
    from_on = models.DateField(_("从哪天起"), null=True, blank=True)
    until_on = models.DateField(_("到哪天止"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    applied_at = models.DateTimeField(_("上次全部看过"), null=True, editable=False)
    job_id = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("自动标签规则")
        verbose_name_plural = _("自动标签规则")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on__isnull=True)
                | Q(until_on__isnull=True)
                | Q(from_on__lte=models.F("until_on")),
                name="tag_rule_days",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_at_work(self, today: date) -> bool:
        """Say whether it gives and takes tags on that day."""
        has_begun = self.from_on is None or self.from_on <= today
        return self.is_active and has_begun and (self.until_on is None or today <= self.until_on)


class AutoTag(models.Model):
    """That a rule gave a customer a tag, or would, had nobody taken it away by hand.

    Without a rule (gone while the customer lay in the bin) it says nothing.
    """

    rule = models.ForeignKey(
        TagRule,
        verbose_name=_("自动标签规则"),
        null=True,
        on_delete=models.CASCADE,
        related_name="given",
        db_index=False,
    )
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="auto_tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(_("状态"), max_length=8, choices=AutoState, default=AutoState.GIVEN)
    since = models.DateTimeField(_("什么时候"))

    class Meta:
        verbose_name = _("自动标签")
        verbose_name_plural = _("自动标签")
        constraints = [models.UniqueConstraint(fields=["rule", "customer"], name="auto_tag_once")]
        indexes = [models.Index(fields=["rule", "state"], name="auto_tag_state")]

    def __str__(self) -> str:
        return f"{self.tag_id} {self.state}"
