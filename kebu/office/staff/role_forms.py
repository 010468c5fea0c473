"""The form of a role: its name, for every right how far it reaches, for every field what is shown of it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import FieldRule, Module, Permission, Scope
from kebu.base.fields.choices import Sensitivity
from kebu.base.fields.fieldsets import Field
from kebu.office.staff.forms import NameField
from kebu.office.staff.models import Role
from kebu.office.staff.role_words import governed_fields, kind_of

NOTHING = ("", _("无"))
TO_NOBODY = {Permission.CUSTOMER_ASSIGN: [Scope.OWN]}  # giving one's own to oneself is no giving


def rule_name(item: Field) -> str:
    """The name of the control for a field's rule."""
    return f"field-{item.key}"


class RoleForm(forms.Form):
    """A role; with ``role`` that one as it stands."""

    name = NameField(label=_("角色名称"), max_length=40, error_messages={"required": _("请填角色名称")})

    def __init__(self, *args: Any, role: Role | None = None, **kwargs: Any) -> None:
        self.role = role
        initial: dict[str, Any] = {"name": role.name, **role.granted} if role else {}
        self.governed = governed_fields()
        if role:
            initial |= {rule_name(item): role.rule_of(item.key).value for item in self.governed}
        super().__init__(*args, **{**kwargs, "initial": initial})
        for permission in Permission:
            self.fields[permission.value] = _right(permission)
        for item in self.governed:
            self.fields[rule_name(item)] = _rule(item)

    def clean_name(self) -> str:
        """Role names are told apart."""
        name: str = self.cleaned_data["name"]
        others = Role.objects.filter(name=name)
        if (others.exclude(pk=self.role.pk) if self.role else others).exists():
            raise ValidationError(_("已有叫“%(name)s”的角色"), params={"name": name})
        return name

    def clean(self) -> dict[str, Any]:
        """Nothing reaches further than one sees, so rights on customers want 查看客户."""
        data = self.cleaned_data
        needing = [one for one in Permission if one.is_scoped and one.module is not Module.JOURNAL]
        if any(data.get(one.value) for one in needing) and not data.get(Permission.CUSTOMER_VIEW.value):
            text = _("给了客户上的权限，还要给“查看客户”，否则都没有用")
            self.add_error(Permission.CUSTOMER_VIEW.value, text)
        return data

    def values(self) -> dict[str, Any]:
        """The columns of the role."""
        data = self.cleaned_data
        rules = {**(self.role.field_rules if self.role else {})}  # of fields in the bin too: they come back
        rules |= {item.key: data[rule_name(item)] for item in self.governed}
        return {
            "name": data["name"],
            "grants": {one.value: _scope(data[one.value]) for one in Permission if data[one.value]},
            "field_rules": {key: rule for key, rule in rules.items() if rule and rule != FieldRule.VISIBLE},
        }

    def modules(self) -> list[tuple[Any, list[BoundField]]]:
        """The rights by module."""
        grouped: dict[Module, list[BoundField]] = {}
        for permission in Permission:
            grouped.setdefault(permission.module, []).append(self[permission.value])
        return [(module.label, fields) for module, fields in grouped.items()]

    def personal_rules(self) -> list[tuple[str, list[BoundField]]]:
        """The rules for fields of people: ways to reach them, and what is private."""
        return self._rules(is_personal=True)

    def other_rules(self) -> list[tuple[str, list[BoundField]]]:
        """The rules for all other fields."""
        return self._rules(is_personal=False)

    def other_count(self) -> int:
        """How many of the other fields are not simply shown."""
        others = [item for item in self.governed if item.sensitivity is Sensitivity.NORMAL]
        return sum(self[rule_name(item)].value() not in (None, "", FieldRule.VISIBLE) for item in others)

    def _rules(self, *, is_personal: bool) -> list[tuple[str, list[BoundField]]]:
        grouped: dict[str, list[BoundField]] = {}
        for item in self.governed:
            if (item.sensitivity is not Sensitivity.NORMAL) is is_personal:
                grouped.setdefault(kind_of(item), []).append(self[rule_name(item)])
        return list(grouped.items())


def _right(permission: Permission) -> forms.Field:
    """A choice of scopes, or a switch where there is nothing to choose."""
    if not permission.is_scoped:
        return forms.BooleanField(label=permission.label, required=False)
    left_out = TO_NOBODY.get(permission, [])
    scopes = [(scope.value, scope.label) for scope in Scope if scope not in left_out]
    return forms.ChoiceField(label=permission.label, required=False, choices=[NOTHING, *scopes])


def _rule(item: Field) -> forms.Field:
    """A choice of what is shown, as far as the field can do without it."""
    rules = list(FieldRule)[: list(FieldRule).index(item.strictest) + 1]
    choices = [(rule.value, rule.label) for rule in rules]
    return forms.ChoiceField(label=item.label, required=False, choices=choices)


def _scope(value: str | bool) -> str:
    return Scope.ALL.value if value is True else str(value)
