"""Contact."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import ScopedQuerySet
from kebu.base.fields.columns import OwnValues
from kebu.base.fields.endings import Ending
from kebu.base.kit.birthdays import Birthday
from kebu.base.records.models import Record
from kebu.crm.contacts import choices
from kebu.crm.customers.models import BORN, Customer


class ContactQuerySet(ScopedQuerySet["Contact"]):
    """Sets of contacts; seen by whoever sees the customer."""

    owner_path = "customer__owner"

    def in_order(self) -> "ContactQuerySet":
        """The key contact first, then as they were entered."""
        return self.order_by("-is_key", "id")


class Contact(Record):
    """A person at a customer. Only work contact ways are kept (S1-04)."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("客户"), on_delete=models.CASCADE, related_name="contacts"
    )
    name = models.CharField(_("姓名"), max_length=60)
    title = models.CharField(_("职位"), max_length=60, blank=True)
    department = models.CharField(_("所在部门"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True, help_text=_("只记工作电话"))
    email = models.CharField(_("邮箱"), max_length=120, blank=True)
    wechat = models.CharField(_("微信"), max_length=60, blank=True)
    role = models.CharField(_("决策角色"), max_length=12, choices=choices.DecisionRole, blank=True)
    preference = models.CharField(_("沟通偏好"), max_length=8, choices=choices.Preference, blank=True)
    birthday = models.CharField(_("生日"), max_length=16, blank=True, help_text=_("公历或农历，可以不写年份"))
    is_key = models.BooleanField(_("关键联系人"), default=False, editable=False)
    remark = models.CharField(_("备注"), max_length=200, blank=True)
    custom = OwnValues(default=dict, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("联系人")
        verbose_name_plural = _("联系人")
        indexes = [
            models.Index(fields=["phone"], condition=~Q(phone=""), name="contact_phone"),
            models.Index(fields=["role", "preference", "birthday", "customer"], name="contact_found"),
            models.Index(fields=["customer", "birthday"], condition=BORN, name="contact_born"),
            models.Index(Ending("birthday"), F("customer"), condition=BORN, name="contact_ending"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(is_key=True), name="contact_one_key")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def with_title(self) -> str:
        """Name and position as lists show them."""
        return f"{self.name} {self.title}".strip()

    @property
    def next_birthday(self) -> date | None:
        """The day of the next birthday, today included; of a lunar one its day in the solar year."""
        return Birthday.from_storage(self.birthday).next_on(timezone.localdate()) if self.birthday else None
