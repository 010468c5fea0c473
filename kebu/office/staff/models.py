"""User, Department, Role."""

from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission, Scope, widest


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
    path = models.CharField(max_length=200, editable=False, db_index=True)

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


class Role(models.Model):
    """A scope and a list of permissions (D4); ``code`` names the shipped ones."""

    code = models.CharField(max_length=20, unique=True, null=True, editable=False)  # noqa: DJ001 (NULLs are distinct)
    name = models.CharField(_("角色名称"), max_length=40, unique=True)
    scope = models.CharField(_("数据范围"), max_length=12, choices=Scope.choices, default=Scope.OWN)
    permissions = models.JSONField(_("权限"), default=list)

    class Meta:
        verbose_name = _("角色")
        verbose_name_plural = _("角色")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Users by sign-in name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A member of staff: one department, several roles."""

    username = models.CharField(
        _("账号"), max_length=40, unique=True, help_text=_("登录用，字母、数字或汉字，2至40个字")
    )
    name = models.CharField(_("姓名"), max_length=40)
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
    disabled_count = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

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
        return list(self.roles.all())

    @cached_property
    def permission_values(self) -> frozenset[str]:
        """The permissions of all roles together."""
        return frozenset(value for role in self._roles for value in role.permissions)

    def can(self, permission: Permission | str) -> bool:
        """Say whether one of the roles grants ``permission``."""
        return str(permission) in self.permission_values

    @cached_property
    def scope(self) -> Scope:
        """The widest scope of the roles; without a department never more than OWN unless it is ALL."""
        scope = widest([role.scope for role in self._roles])
        if scope in (Scope.DEPARTMENT, Scope.SUBTREE) and self.department_id is None:
            return Scope.OWN
        return scope

    @cached_property
    def _visible_owner_ids(self) -> frozenset[int] | None:
        if not self.can(Permission.CUSTOMER_VIEW):
            return frozenset()
        if self.scope is Scope.ALL:
            return None
        if self.scope is Scope.OWN or self.department is None:
            return frozenset({self.pk})
        mates = User.objects.filter(department=self.department)
        if self.scope is Scope.SUBTREE:
            mates = User.objects.filter(department__in=Department.objects.below(self.department))
        return frozenset({self.pk, *mates.values_list("id", flat=True)})

    def visible_owner_ids(self) -> frozenset[int] | None:
        """Ids of the owners whose customers this user sees; None means everybody's (D3).

        Without the right to look it is nobody's, his own neither.
        """
        return self._visible_owner_ids


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
