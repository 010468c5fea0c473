"""The customer's form, and the rules over several fields that forms and imports share."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.forms import BooleanField, BoundField
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer, may
from kebu.base.fields.choices import Level, Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import ALLOWED, Field, field_named, rule_for
from kebu.base.fields.forms import RecordForm
from kebu.crm.customers.choices import CustomerKind
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.customers.queries import CONTACT_WAYS
from kebu.office.staff.fields import STAFF


def check_values(
    values: Mapping[str, Any], *, contact_phones: Collection[str] = (), context: Context | None = None
) -> dict[str, str]:
    """Check the values of one customer (by field name, already read) together; field name → what is wrong.

    A customer without any way to reach it is refused (S0-20); the phone of one of its contacts is a way too.
    Ways hidden from the reader in ``context`` are not spoken of, nor do they count: whether the refusal comes
    would tell whether they are filled.
    """
    problems: dict[str, str] = {}
    if not values.get("name"):
        problems["name"] = _("客户名称必须填写")
    ways = seen_ways(context or Context())
    if ways and not contact_phones and not any(values.get(name) for name in ways):
        problems["phone"] = lacking_way(context or Context())
    return problems


def seen_ways(context: Context) -> list[str]:
    """The ways to reach a customer that the reader knows of."""
    return [way for way in CONTACT_WAYS if CUSTOMER_FIELDS[way].allows(Use.VIEW, context)]


def lacking_way(context: Context) -> str:
    """That one of the ways must be filled, as a sentence; "" when the reader knows of none."""
    labels = [CUSTOMER_FIELDS[way].label for way in seen_ways(context)]
    if len(labels) == 1:
        return _("%(label)s必须填写") % {"label": labels[0]}
    return _("%(labels)s至少填一个") % {"labels": "、".join(labels)} if labels else ""


def fields_for(
    user: Viewer,
    kind: str,
    names: Iterable[str] | None = None,
    *,
    record: Customer | None = None,
    use: Use = Use.EDIT,
) -> list[Field]:
    """The fields ``user`` fills in for a customer of this kind; the owner only with the right to give it.

    ``use`` is Use.CREATE for a new customer: a field masked for him may then be typed in.
    """
    wanted = None if names is None else set(names)
    right = Permission.CUSTOMER_ASSIGN
    can_assign = user.can(right) if record is None else may(user, right, record)
    return [
        item
        for item in CUSTOMER_FIELDS.editable(kind)
        if (wanted is None or item.name in wanted)
        and (item.name != "owner" or can_assign)
        and rule_for(user, item) in ALLOWED[use]
    ]


def refuse_departed(owner_id: int, context: Context) -> None:
    """Nothing is given to people who no longer work here."""
    entry = context.directory(STAFF).by_key[owner_id]
    if not entry.is_active:
        raise ValidationError(_("%(name)s已停用，请选别人") % {"name": entry.name})


class Fold(NamedTuple):
    """A section of the form that can be folded away, and how many of its fields are filled."""

    title: str
    fields: list[BoundField]
    filled: int
    is_open: bool


class CustomerForm(RecordForm):
    """All fields of a customer of one kind, or some of them; with ``record`` those of that customer."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        user: Viewer,
        context: Context,
        kind: str = CustomerKind.COMPANY,
        record: Customer | None = None,
        names: Iterable[str] | None = None,
        initial: Mapping[str, Any] | None = None,
        prefix: str | None = None,
        use: Use = Use.EDIT,
    ) -> None:
        self.record = record
        chosen = fields_for(user, kind, names, record=record, use=use)
        super().__init__(data, fields=chosen, context=context, record=record, initial=initial, prefix=prefix)

    def clean_owner(self) -> int | None:
        """Another owner must work here; who owns it already may have left."""
        owner_id: int | None = self.cleaned_data["owner"]
        if owner_id is not None and owner_id != self.stored.get("owner"):
            refuse_departed(owner_id, self.context)
        return owner_id

    def clean(self) -> dict[str, Any]:
        """Add what is wrong between the fields to the fields it is shown at."""
        asked = ("name", *seen_ways(self.context))
        known = {name: CUSTOMER_FIELDS[name].value(self.record) for name in asked} if self.record else {}
        is_seen = field_named("contact.phone").allows(Use.VIEW, self.context)
        phones = self.record.contact_phones if self.record and is_seen else ()
        values = {**known, **self.values()}
        for name, message in check_values(values, contact_phones=phones, context=self.context).items():
            place = self._place(name)
            if place and not self.has_error(place):
                self.add_error(place, message)
        return self.cleaned_data

    def _place(self, name: str) -> str:
        """Where to show a problem: its field, for contact ways any of them; nowhere when none was asked for,
        nor when one was typed that could not be read, for that has its own message."""
        ways = [way for way in CONTACT_WAYS if way in self.fields]
        if name not in CONTACT_WAYS:
            return name if name in self.fields else ""
        if any(self.has_error(way) for way in ways):
            return ""
        return name if name in ways else next(iter(ways), "")

    def sections(self, without: Collection[str] = ()) -> list[tuple[str, list[BoundField]]]:
        """The bound fields by section, in form order."""
        grouped = CUSTOMER_FIELDS.sections(item for item in self.items if item.name not in without)
        return [(title, [self[item.name] for item in items]) for title, items in grouped]

    def folds(self, without: Collection[str] = (), *, opened: int = 0) -> list[Fold]:
        """The sections to fold: the first ``opened`` are open, and those in which something is wrong."""
        return [
            Fold(
                title,
                fields,
                sum(1 for bound in fields if bound.value() not in (None, "", [])),
                place < opened or any(bound.errors for bound in fields),
            )
            for place, (title, fields) in enumerate(self.sections(without))
        ]


class AssignmentForm(RecordForm):
    """To whom customers are given: an active member of staff whom the user may give to."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, context: Context) -> None:
        owner = replace(CUSTOMER_FIELDS["owner"], level=Level.REQUIRED, label=_("分配给"))
        super().__init__(data, fields=[owner], context=context)
        self.fields["keeps_former"] = BooleanField(
            label=_("把原负责人留作协作人"),
            required=False,
            help_text=_("他还能查看，不能再改；不勾就立即看不到"),
        )

    def clean_owner(self) -> int:
        """Refuse people who no longer work here."""
        owner_id: int = self.cleaned_data["owner"]
        refuse_departed(owner_id, self.context)
        return owner_id
