"""Term and Industry."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kebu.office.vocabulary.choices import TermKind


class Term(models.Model):
    """One entry of a list the office edits; ``aliases`` are other spellings that imports recognise."""

    kind = models.CharField(_("字典"), max_length=12, choices=TermKind.choices)
    code = models.CharField(max_length=20, blank=True, editable=False)
    name = models.CharField(_("名称"), max_length=40)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    is_active = models.BooleanField(_("使用中"), default=True)

    class Meta:
        verbose_name = _("字典项")
        verbose_name_plural = _("字典项")
        ordering = ["kind", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="term_name_once")]

    def __str__(self) -> str:
        return self.name


INDUSTRIES = "industries"


class Industry(models.Model):
    """A class of GB/T 4754: the key is the letter of the 门类 followed by its digits (C, C39, C391,
    C3911)."""

    code = models.CharField(_("代码"), max_length=5, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    level = models.PositiveSmallIntegerField(_("层级"))
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    edition = models.CharField(_("版本"), max_length=20, default="2017")
    is_active = models.BooleanField(_("使用中"), default=True)

    class Meta:
        verbose_name = _("行业")
        verbose_name_plural = _("行业")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
