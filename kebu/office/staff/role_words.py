"""Roles in words: what one may do, how far it reaches, what of a field one sees, and what changed."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import SWITCHES, FieldRule, Module, Permission, Scope, narrower
from kebu.base.fields.choices import Sensitivity
from kebu.base.fields.fieldsets import FIELD_SETS, Field
from kebu.office.staff.models import Role

P = Permission
WHOSE = {
    Scope.OWN: gettext_lazy("自己"),
    Scope.DEPARTMENT: gettext_lazy("本部门"),
    Scope.SUBTREE: gettext_lazy("本部门及下级"),
    Scope.ALL: gettext_lazy("所有人"),
}
SEEN = {
    FieldRule.READ_ONLY: gettext_lazy("只能看、不能改：%(fields)s。"),
    FieldRule.MASKED: gettext_lazy("脱敏后才显示：%(fields)s。"),
    FieldRule.HIDDEN: gettext_lazy("看不到：%(fields)s。"),
}
JOURNALS = (P.JOURNAL_VIEW, P.JOURNAL_EXPORT)


class Change(NamedTuple):
    """One line of a difference between two states of a role."""

    label: str
    before: str
    after: str


def governed_fields() -> list[Field]:
    """The fields for which a role may have a rule, those of people first."""
    fields = [item for one in FIELD_SETS.values() for item in one.values()]
    ruled = [item for item in fields if item.strictest is not FieldRule.VISIBLE]
    return sorted(ruled, key=lambda item: item.sensitivity is Sensitivity.NORMAL)


def kind_of(item: Field) -> str:
    """What the field is of, in words."""
    kind = item.key.partition(".")[0]
    return str(Module(kind).label) if kind in Module else kind


def sentences(role: Role) -> list[str]:
    """What the role may do, in a few sentences."""
    reach = {one: Scope(role.granted[one]) for one in Permission if one in role.granted}
    return [*_on_customers(reach), *_in_the_house(reach), *_fields(role, P.CUSTOMER_VIEW in reach)]


def _on_customers(reach: Mapping[Permission, Scope]) -> Iterable[str]:
    seen = reach.get(P.CUSTOMER_VIEW)
    if seen is None:
        yield _("看不到客户。")
        return
    edited = narrower(seen, reach[P.CUSTOMER_EDIT]) if P.CUSTOMER_EDIT in reach else None
    told = {"seen": WHOSE[seen], "edited": WHOSE[edited] if edited else ""}
    if edited is None:
        yield _("能看%(seen)s的客户，不能改。") % told
    elif edited is seen:
        yield _("能看、能改%(seen)s的客户。") % told
    else:
        yield _("能看%(seen)s的客户，只能改%(edited)s的客户。") % told
    yield from _further(reach, seen)


def _further(reach: Mapping[Permission, Scope], seen: Scope) -> Iterable[str]:
    """The other rights on customers, those of the same reach together, the widest first."""
    told = (P.CUSTOMER_VIEW, P.CUSTOMER_EDIT, *JOURNALS)
    grouped: dict[Scope, list[str]] = {}
    for one, scope in reach.items():
        if one.is_scoped and one not in told:
            grouped.setdefault(narrower(seen, scope), []).append(str(one.label).removesuffix("客户"))
    for scope in sorted(grouped, key=list(Scope).index, reverse=True):
        yield _("对%(whose)s的客户还能：%(rights)s。") % {
            "whose": WHOSE[scope],
            "rights": "、".join(grouped[scope]),
        }


def _in_the_house(reach: Mapping[Permission, Scope]) -> Iterable[str]:
    made = [str(one.label) for one in SWITCHES if one in reach]
    kept = [str(one.label) for one in reach if not one.is_scoped and one not in SWITCHES]
    if P.JOURNAL_VIEW in reach:
        verbs = _("查看和导出") if P.JOURNAL_EXPORT in reach else _("查看")
        journal = _("全部操作日志") if reach[P.JOURNAL_VIEW] is Scope.ALL else _("看得到的客户的操作日志")
        kept.insert(0, f"{verbs}{journal}")
    if made or kept:
        yield _("能%(rights)s。") % {"rights": "、".join(made + kept)}


def _fields(role: Role, sees_customers: bool) -> Iterable[str]:
    grouped: dict[FieldRule, dict[str, list[str]]] = {}
    for item in governed_fields() if sees_customers else ():
        kinds = grouped.setdefault(role.rule_of(item.key), {})
        kinds.setdefault(kind_of(item), []).append(item.label)
    for rule, text in SEEN.items():
        if rule in grouped:
            parts = [
                _("%(kind)s的%(fields)s") % {"kind": kind, "fields": "、".join(labels)}
                for kind, labels in grouped[rule].items()
            ]
            yield text % {"fields": "，".join(parts)}


def scope_label(permission: Permission, scope: str | None) -> str:
    """How far the right reaches, in a word; what is no right on rows is there or not."""
    if scope is None:
        return _("无")
    return str(Scope(scope).label) if permission.is_scoped else _("可以")


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between the values of two states of a role."""
    found = [
        Change(str(one.label), *(scope_label(one, side["grants"].get(one)) for side in (before, after)))
        for one in Permission
    ]
    for item in governed_fields():
        rules = (FieldRule(side["field_rules"].get(item.key, FieldRule.VISIBLE)) for side in (before, after))
        label = _("%(kind)s：%(field)s") % {"kind": kind_of(item), "field": item.label}
        found.append(Change(label, *(str(rule.label) for rule in rules)))
    named = Change(_("角色名称"), before["name"], after["name"])
    return [one for one in (named, *found) if one.before != one.after]


def values_of(role: Role) -> dict[str, Any]:
    """The values of a role as it stands, to compare with others."""
    return {"name": role.name, "grants": role.granted, "field_rules": role.field_rules}
