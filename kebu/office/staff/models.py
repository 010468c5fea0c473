"""User, Department, Role."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import FieldRule, Permission, Scope, most_open, narrower, widest
from kebu.base.access.sharing import shares_for
from kebu.base.bulk.prepared import prepared


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Departments as a tree."""

    def below(self, department: "Department") -> "DepartmentQuerySet":
        """The department itself and everything under it."""
        return self.filter(path__startswith=department.path)


class Department(models.Model):
    """A department; ``path`` lists the ids from the root to itself as /1/4/ so that a subtree is one
    prefix."""

    name = models.CharField(_("部门名称"), max_length=60)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级部门"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    manager = models.ForeignKey(
        "User",
        verbose_name=_("部门主管"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="managed",
        help_text=_("本部门或上级部门的人；撞单等事由他决定"),
    )
    path = models.CharField(max_length=200, editable=False, db_index=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("部门")
        verbose_name_plural = _("部门")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """0 for a top department."""
        return self.path.count("/") - 2

    def is_led_from(self, department: "Department | None") -> bool:
        """Whether its manager may be of ``department``: that is itself or one above."""
        return department is not None and self.path.startswith(department.path)


ADMIN = "admin"
EVERYTHING = {permission.value: Scope.ALL.value for permission in Permission}


class Role(models.Model):
    """What one may do and how far it reaches (D4); ``code`` names the shipped ones.

    ``grants`` holds per permission its scope, ``field_rules`` per field the rule that is not 可见.
    """

    code = models.CharField(max_length=20, unique=True, null=True, editable=False)  # noqa: DJ001 (NULLs are distinct)
    name = models.CharField(_("角色名称"), max_length=40, unique=True)
    grants = models.JSONField(_("权限"), default=dict)
    field_rules = models.JSONField(_("字段规则"), default=dict)
    is_two_factor_required = models.BooleanField(_("必须用两步验证"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("角色")
        verbose_name_plural = _("角色")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def granted(self) -> dict[str, str]:
        """Its grants; the administrator's has them all, also those that come with a new version."""
        found: dict[str, str] = EVERYTHING if self.code == ADMIN else self.grants
        return found

    @property
    def sees_customers(self) -> bool:
        """Whether it lets one look at customers at all."""
        return Permission.CUSTOMER_VIEW in self.granted

    @property
    def ruled(self) -> frozenset[str]:
        """The fields, named like customer.phone, that it has a rule for; the administrator's has none."""
        return frozenset(() if self.code == ADMIN else self.field_rules)

    def rule_of(self, key: str) -> FieldRule:
        """What it shows of a field."""
        return FieldRule(self.field_rules[key]) if key in self.ruled else FieldRule.VISIBLE


@prepared
def roles_of(user_id: int) -> models.QuerySet[Role]:
    """What somebody is; every page asks."""
    return Role.objects.filter(users=user_id)


class UserManager(BaseUserManager["User"]):
    """Users by sign-in name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)

    def get(self, *args: Any, **asked: Any) -> "User":
        """The one; who is signed in is asked for by his key on every page."""
        key = asked.get("pk")
        is_any = type(self) is UserManager  # that of a department looks among its people
        if args or len(asked) > 1 or not isinstance(key, int) or not is_any:
            return super().get(*args, **asked)
        for user in users_with(key):
            return user
        raise self.model.DoesNotExist


@prepared
def users_with(pk: int) -> models.QuerySet["User"]:
    """The one with that key."""
    return User.objects.filter(pk=pk)


class User(AbstractBaseUser):
    """A member of staff: one department, several roles."""

    username = models.CharField(
        _("账号"), max_length=40, unique=True, help_text=_("登录用，字母、数字或汉字，2至40个字")
    )
    name = models.CharField(_("姓名"), max_length=40)
    email = models.EmailField(
        _("邮箱"), blank=True, default="", help_text=_("可不填；有邮件服务器时，忘了密码可以寄链接到这里")
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("部门"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="members",
        help_text=_("没有部门的人只看得到自己的客户"),
    )
    roles = models.ManyToManyField(Role, verbose_name=_("角色"), blank=True, related_name="users")
    is_active = models.BooleanField(
        _("在职"), default=True, help_text=_("停用后立即不能登录，客户和记录都保留")
    )
    is_collaborator = models.BooleanField(default=False, editable=False)  # has shares, or had some today
    disabled_count = models.PositiveIntegerField(default=0, editable=False)
    password_set_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    is_looked_as = False  # somebody else looks as him, see play

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("员工")
        verbose_name_plural = _("员工")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must match: another password ends it, and so does being switched off, for good."""
        salt, kept = "kebu.office.staff.models.User", f"{self.password} {self.disabled_count}"
        return salted_hmac(salt, kept, secret=secret, algorithm="sha256").hexdigest()

    @cached_property
    def _roles(self) -> list[Role]:
        is_read = "roles" in getattr(self, "_prefetched_objects_cache", {})
        return list(self.roles.all()) if is_read else roles_of(self.pk)

    def play(self, roles: list[Role], *, by_another: bool = False) -> None:
        """Let pages meet this user with other roles than his own, until the request ends; ``by_another``
        looks as him and is shown nothing that he keeps for himself."""
        self._roles = roles
        self.is_looked_as = by_another

    @property
    def is_two_factor_required(self) -> bool:
        """One of the roles wants a second factor."""
        return any(role.is_two_factor_required for role in self._roles)

    @cached_property
    def _grants(self) -> dict[str, Scope]:
        """What the roles allow together, each as far as the widest of them; without a department DEPARTMENT
        and SUBTREE are OWN."""
        found: dict[str, list[Scope]] = {}
        for role in self._roles:
            for permission, scope in role.granted.items():
                found.setdefault(permission, []).append(Scope(scope))
        is_alone = self.department_id is None
        return {
            permission: Scope.OWN if is_alone and widest(scopes) is not Scope.ALL else widest(scopes)
            for permission, scopes in found.items()
        }

    def can(self, permission: Permission | str) -> bool:
        """Say whether one of the roles grants ``permission``, however far it reaches."""
        return permission in self._grants

    def scope_of(self, permission: Permission) -> Scope | None:
        """How far ``permission`` reaches; None without it."""
        return self._grants.get(permission)

    @property
    def scope(self) -> Scope:
        """How far he sees customers."""
        return self.scope_of(Permission.CUSTOMER_VIEW) or Scope.OWN

    def owner_ids(self, permission: Permission) -> frozenset[int] | None:
        """Ids of the owners with whose customers this user may do that; None means everybody's (D3).

        Never further than he sees: without the right to look it is nobody's, his own neither.
        """
        seen, wanted = self.scope_of(Permission.CUSTOMER_VIEW), self.scope_of(permission)
        if seen is None or wanted is None:
            return frozenset()
        scope = narrower(seen, wanted)
        if scope is Scope.ALL:
            return None
        if scope is Scope.OWN:
            return frozenset({self.pk})
        here = {self.department_id} if scope is Scope.DEPARTMENT else {place for _pk, place in self._mates}
        return frozenset({self.pk, *(pk for pk, place in self._mates if place in here)})

    def reaches(self, permission: Permission, owner: "User") -> bool:
        """Whether he may do that with the customers of ``owner``; reads no more than the two departments."""
        seen, wanted = self.scope_of(Permission.CUSTOMER_VIEW), self.scope_of(permission)
        if seen is None or wanted is None:
            return False
        scope, here, there = narrower(seen, wanted), self.department, owner.department
        if scope is Scope.ALL or self.pk == owner.pk:
            return True
        if scope is Scope.OWN or here is None or there is None:
            return False
        return there.path.startswith(here.path) if scope is Scope.SUBTREE else here.pk == there.pk

    @cached_property
    def _shares(self) -> dict[int, str]:
        """The customers of others in which he has a share today, with its kind; read once, by who has any."""
        if not self.is_collaborator:
            return {}
        shares: Any = getattr(self, "collaborations")  # noqa: B009 - the relation of a room above
        return dict(shares.present(timezone.localdate()).values_list("customer_id", "level"))

    def shared_ids(self, permission: Permission) -> frozenset[int]:
        """Ids of the customers of others on which his share, and the right itself, let him do that."""
        if not self.is_collaborator or not (self.can(permission) and self.can(Permission.CUSTOMER_VIEW)):
            return frozenset()
        kinds = shares_for(permission)
        return frozenset(pk for pk, kind in self._shares.items() if kind in kinds) if kinds else frozenset()

    @cached_property
    def _mates(self) -> list[tuple[int, int | None]]:
        """The people of his department, and of those below when a role reaches that far."""
        if self.department_id is None:
            return []
        reaches_below = Scope.SUBTREE in self._grants.values()
        mates = people_below(self.department_id) if reaches_below else people_of(self.department_id)
        return [(mate.pk, mate.department_id) for mate in mates]

    @cached_property
    def _seeing(self) -> list[Role]:
        """The roles with which he sees customers."""
        return [role for role in self._roles if role.sees_customers]

    @cached_property
    def _ruled(self) -> frozenset[str]:
        """The fields that every one of those roles has a rule for; one role without any leaves it visible."""
        return frozenset.intersection(*(role.ruled for role in self._seeing))

    def field_rule(self, key: str) -> FieldRule:
        """What he is shown of a field, named like customer.phone: the most open of what those roles say."""
        if self._seeing and key not in self._ruled:
            return FieldRule.VISIBLE
        return most_open(role.rule_of(key) for role in self._seeing)


@prepared
def people_of(department_id: int) -> models.QuerySet[User]:
    """The people of one department; who is narrowed to it asks on every page."""
    return User.objects.filter(department=department_id).only("department_id").order_by("id")


@prepared
def people_below(department_id: int) -> models.QuerySet[User]:
    """Those of the departments below too."""
    path = Department.objects.filter(pk=department_id).values("path")
    return User.objects.filter(department__path__startswith=path).only("department_id").order_by("id")


class SignInFailure(models.Model):
    """A failed try to sign in; kept for as long as it counts."""

    account = models.CharField(max_length=40)
    address = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("登录失败")
        verbose_name_plural = _("登录失败")
        indexes = [models.Index(fields=["address", "at"], name="sign_in_failure_recent")]

    def __str__(self) -> str:
        return f"{self.account} {self.address}"
