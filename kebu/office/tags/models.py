"""TagGroup and Tag."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kebu.base.records.models import Record
from kebu.office.tags.choices import Colour, Dimension, TagState

TAGS = "tags"  # the directory


class TagGroup(Record):
    """What some tags are about; of an exclusive group a customer has one tag at most (互斥, S2-09).

    To an open group whoever may change a customer adds tags, to the others only who keeps the lists.
    """

    code = models.CharField(max_length=20, blank=True, editable=False)
    name = models.CharField(_("名称"), max_length=20, unique=True)
    dimension = models.CharField(_("维度"), max_length=10, choices=Dimension, default=Dimension.OWN)
    help = models.CharField(_("说明"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    is_exclusive = models.BooleanField(_("互斥"), default=False)
    is_open = models.BooleanField(_("大家都能添加"), default=False)

    class Meta:
        verbose_name = _("标签组")
        verbose_name_plural = _("标签组")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Tag(Record):
    """One word about customers; ``aliases`` are other spellings that imports recognise."""

    group = models.ForeignKey(
        TagGroup, verbose_name=_("标签组"), on_delete=models.PROTECT, related_name="tags", db_index=False
    )
    code = models.CharField(max_length=20, blank=True, editable=False)
    name = models.CharField(_("名称"), max_length=20)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    colour = models.CharField(_("颜色"), max_length=8, choices=Colour, default=Colour.GREY)
    help = models.CharField(_("含义"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    state = models.CharField(_("状态"), max_length=8, choices=TagState, default=TagState.ACTIVE)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("合并到"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("标签")
        verbose_name_plural = _("标签")
        ordering = ["group__order", "group_id", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "name"], condition=~Q(state=TagState.GONE), name="tag_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.state == TagState.ACTIVE

    @property
    def is_gone(self) -> bool:
        return self.state == TagState.GONE
