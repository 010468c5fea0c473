"""Customer and the series its numbers come from."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import ScopedQuerySet
from kebu.base.access.sharing import Share, owner_label, share_label
from kebu.base.fields.columns import OwnValues
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit import companies, pinyin
from kebu.base.kit.dates import day_bounds
from kebu.base.records.models import Record
from kebu.base.search.entries import Document
from kebu.base.search.index import SearchIndex
from kebu.base.ui.navigation import address
from kebu.crm.customers import choices
from kebu.crm.customers.found_by import BY_KEY, FOUND_BY, GIVEN, QUIET
from kebu.office.vocabulary.models import Industry, Term

INDEX = SearchIndex("customer")
LIVE = Q(archived_at__isnull=True)
BORN = ~Q(birthday="")
ORDERS = {  # name of an index → the column whose order it holds
    "next": "next_follow_up_at", "last": "last_contact_at", "pinyin": "name_pinyin", "type": "customer_type",
    "first": "first_contact_on", "stage": "stage", "grade": "grade", "value": "value_tier",
    "industry": "industry", "region": "region", "source": "source", "budget": "budget_max",
}  # fmt: skip
NEW_DAYS = 7


def newly_assigned(today: date) -> Q:
    """Given to their owner in the last days, since then neither contacted nor planned for.

    What somebody made or imported for himself was given to him by nobody.
    """
    since = day_bounds(today)[0] - timedelta(days=NEW_DAYS)
    untouched = Q(last_contact_at__isnull=True) | Q(last_contact_at__lt=F("assigned_at"))
    given = Q(assigned_at__gt=F("created_at")) | ~Q(created_by=F("owner"))
    return untouched & given & Q(assigned_at__gte=since, next_follow_up_at__isnull=True)


def labels(owner_id: int | None, collaborator_ids: Iterable[int]) -> tuple[str, ...]:
    """Whose searches find a customer: its owner's, and those of its collaborators."""
    return (owner_label(owner_id), *map(share_label, collaborator_ids))


class CustomerQuerySet(ScopedQuerySet["Customer"]):
    """Sets of customers; always narrow them with ``visible_to`` first."""

    def live(self) -> "CustomerQuerySet":
        return self.filter(LIVE)

    def hold(self, ids: Iterable[int]) -> None:
        """Keep those that are there as they are until the transaction ends: customers come before what hangs
        on them, and in the order of their keys, or two who hold them wait for each other for ever."""
        rows = self.filter(pk__in=sorted(set(ids))).order_by("pk")
        list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))

    def archived(self) -> "CustomerQuerySet":
        """In the words of the index that holds them: SQLite takes no others."""
        return self.exclude(archived_at__isnull=True)


class NumberSeries(models.Model):
    """The last number given out in a month; only ever counts up, so numbers are never used twice (X18)."""

    prefix = models.CharField(max_length=9, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}{self.last}"

    @classmethod
    def take(cls, day: date, count: int) -> list[str]:
        """Return ``count`` fresh customer numbers CUSYYYYMMNNN of the day's month (S4-22)."""
        prefix = f"CUS{day:%Y%m}"
        with transaction.atomic():
            if not cls.objects.filter(pk=prefix).update(last=F("last") + count):
                NumberSeries.objects.bulk_create([NumberSeries(prefix=prefix)], ignore_conflicts=True)
                cls.objects.filter(pk=prefix).update(last=F("last") + count)
            last = cls.objects.get(pk=prefix).last
        return [f"{prefix}{number:03d}" for number in range(last - count + 1, last + 1)]


class Customer(Record):
    """A company or a person the team serves (S0-15…28). Everything hangs on it; its owner decides who
    sees it."""

    number = models.CharField(_("客户编号"), max_length=16, unique=True, editable=False)
    kind = models.CharField(
        _("客户性质"), max_length=8, choices=choices.CustomerKind, default=choices.CustomerKind.COMPANY
    )
    name = models.CharField(_("客户名称"), max_length=120, help_text=_("企业写营业执照上的全称，个人写姓名"))
    name_key = models.CharField(max_length=120, editable=False, db_index=True)
    name_pinyin = models.CharField(max_length=400, editable=False)
    customer_type = models.CharField(
        _("客户类型"), max_length=10, choices=choices.CustomerType, default=choices.CustomerType.POTENTIAL
    )
    stage = models.ForeignKey(
        Term,
        verbose_name=_("跟进阶段"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    grade = models.CharField(
        _("客户分级"), max_length=1, choices=choices.Grade, blank=True, help_text=_("A先服务，C可以放一放")
    )
    value_tier = models.CharField(
        _("价值等级"),
        max_length=8,
        choices=choices.ValueTier,
        blank=True,
        help_text=_("按一年的消费额：10万以上VIP，1万以下普通，之间中等；还没怎么买、值得培养的是潜力"),
    )
    potential_score = models.PositiveSmallIntegerField(
        _("潜力评分"),
        null=True,
        help_text=_("0到100，凭判断填：以后能买多少、愿不愿意长期合作，80以上重点培养"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("负责人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    assigned_at = models.DateTimeField(_("分配时间"), null=True, editable=False)

    phone = models.CharField(
        _("电话"), max_length=40, blank=True, help_text=_("手机、座机或400，座机要带区号，分机写转123")
    )
    email = models.CharField(_("邮箱"), max_length=120, blank=True)
    wechat = models.CharField(_("微信"), max_length=60, blank=True, help_text=_("只记工作用的微信号"))
    website = models.CharField(_("官网"), max_length=200, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True, help_text=_("写详细地址，省市自动认出"))
    region = models.CharField(_("地区"), max_length=6, blank=True, help_text=_("省-市，如 江苏省-苏州市"))

    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    industry = models.ForeignKey(
        Industry,
        verbose_name=_("所属行业"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text=_("按国家标准GB/T 4754，写俗称也能认出"),
    )
    headcount = models.CharField(_("员工人数"), max_length=10, choices=choices.Headcount, blank=True)
    revenue = models.CharField(_("年营收"), max_length=10, choices=choices.Revenue, blank=True)
    main_business = models.CharField(_("主营业务"), max_length=200, blank=True)
    development_stage = models.CharField(
        _("发展阶段"), max_length=8, choices=choices.DevelopmentStage, blank=True
    )

    gender = models.CharField(_("性别"), max_length=6, choices=choices.Gender, blank=True)
    birthday = models.CharField(_("生日"), max_length=16, blank=True, help_text=_("公历或农历，可以不写年份"))
    company_name = models.CharField(_("公司名称"), max_length=120, blank=True)
    job_title = models.CharField(_("职位"), max_length=60, blank=True)
    consumption_preference = models.CharField(_("消费偏好"), max_length=200, blank=True)
    purchase_frequency = models.CharField(_("购买频次"), max_length=60, blank=True)
    price_sensitivity = models.CharField(_("价格敏感度"), max_length=6, choices=choices.Urgency, blank=True)

    source = models.ForeignKey(
        Term,
        verbose_name=_("客户来源"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    source_detail = models.CharField(
        _("来源说明"), max_length=120, blank=True, help_text=_("哪个展会、谁介绍的")
    )
    first_contact_on = models.DateField(_("首次接触时间"), null=True)

    need = models.TextField(
        _("初步需求"), blank=True, help_text=_("要什么、要多少，如 采购原材料A，月需求50吨")
    )
    need_types = models.JSONField(_("需求类型"), default=list)
    pain_points = models.TextField(_("需求痛点"), blank=True)
    service_requirements = models.TextField(_("服务要求"), blank=True)
    purchase_intent = models.CharField(
        _("采购意向"), max_length=8, choices=choices.PurchaseIntent, blank=True
    )
    need_stage = models.CharField(_("需求阶段"), max_length=14, choices=choices.NeedStage, blank=True)
    urgency = models.CharField(_("紧急程度"), max_length=6, choices=choices.Urgency, blank=True)
    budget_min = models.DecimalField(
        _("预算范围"), max_digits=16, decimal_places=2, null=True, help_text=_("如 10万-20万、50-80万、1.2亿")
    )
    budget_max = models.DecimalField(_("预算上限"), max_digits=16, decimal_places=2, null=True)
    decision_cycle = models.CharField(_("决策周期"), max_length=60, blank=True)
    decision_chain = models.CharField(
        _("决策链"), max_length=200, blank=True, help_text=_("谁使用、谁影响、谁拍板")
    )
    delivery_on = models.DateField(_("期望交付时间"), null=True)
    remark = models.TextField(_("备注"), blank=True)

    unknown_fields = models.JSONField(_("待沟通确认"), default=list, editable=False)
    verified = models.JSONField(_("核实情况"), default=dict, editable=False)
    completeness = models.PositiveSmallIntegerField(_("资料完整度"), default=0, editable=False)

    last_contact_at = models.DateTimeField(_("最后跟进时间"), null=True, editable=False)
    next_follow_up_at = models.DateTimeField(_("下次跟进时间"), null=True)
    next_step = models.CharField(_("下一步"), max_length=200, blank=True)
    interaction_count = models.PositiveIntegerField(_("跟进次数"), default=0, editable=False)
    key_contact = models.CharField(_("关键联系人"), max_length=120, blank=True, editable=False)
    contact_names = models.JSONField(default=list, editable=False)
    contact_phones = models.JSONField(default=list, editable=False)
    collaborator_ids = models.JSONField(default=list, editable=False)
    tag_ids = models.JSONField(default=list, editable=False)
    custom = OwnValues(default=dict, editable=False)
    rolled_up = OwnValues(default=dict, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    archived_at = models.DateTimeField(_("归档时间"), null=True, editable=False)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("客户")
        verbose_name_plural = _("客户")
        indexes = [
            models.Index(
                fields=["owner", "next_follow_up_at", "id"], condition=LIVE, name="customer_owner_next"
            ),
            models.Index(fields=QUIET, condition=LIVE, name="customer_quiet"),
            models.Index(fields=["owner", "birthday"], condition=LIVE & BORN, name="customer_born"),
            models.Index(fields=GIVEN, condition=LIVE, name="customer_given"),
            models.Index(fields=["owner", "id"], name="customer_owner"),
            models.Index(fields=BY_KEY, condition=LIVE, name="customer_by_key"),
            *(
                models.Index(fields=[column, "id"], condition=LIVE, name=f"customer_{name}")
                for name, column in ORDERS.items()
            ),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="customer_phone"),
            models.Index(fields=["archived_at", "id"], condition=~LIVE, name="customer_archived"),
            models.Index(fields=[*FOUND_BY, "archived_at"], name="customer_found"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(archived_at__isnull=True, archived_by__isnull=True)
                | Q(archived_at__isnull=False),
                name="customer_archived_when_and_by",
            ),
            models.CheckConstraint(
                condition=Q(potential_score__isnull=True) | Q(potential_score__lte=100),
                name="customer_potential_0_to_100",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("profile:customer", self.number)

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_person(self) -> bool:
        return self.kind == choices.CustomerKind.PERSON

    def derive_name(self) -> None:
        """Fill what follows from the name: the comparison key and the pinyin that lists sort by."""
        self.name_key = companies.company_key(self.name)[:120]
        self.name_pinyin = pinyin.sort_key(self.name, is_person=self.is_person)[:400]

    def document(self) -> Document:
        """What the search index knows of this customer, its contacts' names and phones included."""
        names = () if self.is_person else (self.name,)
        people = ((self.name,) if self.is_person else ()) + tuple(self.contact_names)
        numbers = (self.number, self.phone, self.credit_code, *self.contact_phones)
        return Document(
            self.pk,
            names,
            people,
            tuple(filter(None, numbers)),
            labels(self.owner_id, self.collaborator_ids),
        )

    def archive(self, *, by: Author, at: datetime) -> bool:
        """Take the customer out of the daily lists (X15); False when it was archived already."""
        return self._flag(Action.ARCHIVE, {"archived_at": at, "archived_by_id": by.user_id}, by, at)

    def restore(self, *, by: Author, at: datetime) -> bool:
        """Bring an archived customer back; False when it is not archived."""
        return self._flag(Action.RESTORE, {"archived_at": None, "archived_by_id": None}, by, at)

    @transaction.atomic
    def _flag(self, action: Action, values: dict[str, Any], by: Author, at: datetime) -> bool:
        was_archived = action is Action.RESTORE
        rows = Customer.objects.filter(pk=self.pk, archived_at__isnull=not was_archived)
        if not rows.update(**values, version=F("version") + 1, updated_at=at):
            return False
        self.refresh_from_db()
        line = Line("customer", self.pk, self.name, action, self.version, self.pk)
        JournalEntry.objects.record([line], by=by, at=at)
        return True

    @transaction.atomic
    def record_contact(self, *, at: datetime) -> None:
        """Note that the customer was spoken to at that time; the latest contact counts, whatever the
        order."""
        rows = Customer.objects.filter(pk=self.pk)
        rows.update(interaction_count=F("interaction_count") + 1)
        rows.filter(Q(last_contact_at__isnull=True) | Q(last_contact_at__lt=at)).update(last_contact_at=at)

    def hold(self) -> None:
        """See the row as it is now and keep others from changing it until the transaction ends: for verbs
        over what hangs on the customer. On SQLite a writing transaction is alone anyway. Raises Gone."""
        self.see_again(Customer.objects.select_for_update(no_key=True))

    @transaction.atomic
    def note_contacts(self, *, names: list[str], phones: list[str], key_contact: str) -> None:
        """Keep the facts about contacts that search and lists need, and bring the index up to date.

        The caller holds the customer: the index is written from this row.
        """
        self.contact_names, self.contact_phones, self.key_contact = names, phones, key_contact[:120]
        Customer.objects.filter(pk=self.pk).update(
            contact_names=names, contact_phones=phones, key_contact=self.key_contact
        )
        INDEX.put([self.document()])


class CollaboratorQuerySet(models.QuerySet["Collaborator"]):
    """Sets of collaborators."""

    def present(self, today: date) -> "CollaboratorQuerySet":
        """Those whose last day has not passed."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=today))


class Collaborator(Record):
    """Somebody besides the owner who sees a customer with all that hangs on it, or works on it too (S1-14).

    ``created_at`` and ``created_by`` tell since when and by whom; ``until_on`` is the last day, if there is
    one.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="collaborators")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("协作人"),
        on_delete=models.PROTECT,
        related_name="collaborations",
        db_index=False,
    )
    level = models.CharField(_("协作权限"), max_length=4, choices=Share, default=Share.VIEW)
    until_on = models.DateField(_("协作到"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = CollaboratorQuerySet.as_manager()

    class Meta:
        verbose_name = _("协作人")
        verbose_name_plural = _("协作人")
        constraints = [models.UniqueConstraint(fields=["user", "customer"], name="collaborator_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.level}"


class CustomerChoice(models.Model):
    """One of several values that a customer has of a field (tags, choices of the office's own fields), so
    that customers are found by it. The values themselves lie in the customer's row."""

    field = models.CharField(max_length=40)
    value = models.CharField(max_length=40)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="choices")

    class Meta:
        verbose_name = _("客户的选项")
        verbose_name_plural = _("客户的选项")
        constraints = [
            models.UniqueConstraint(fields=["field", "value", "customer"], name="customer_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.value}"
