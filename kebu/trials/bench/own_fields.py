"""An office after years: sixty fields of its own, ten of them filled, and tags on most customers."""

import json
import random
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from kebu.base.journal.authors import Author
from kebu.crm.customers.models import CustomerChoice
from kebu.office.custom_fields.actions import Choosable, add_field
from kebu.office.custom_fields.choices import Subject, ValueKind
from kebu.office.custom_fields.models import OwnField
from kebu.office.tags.models import Tag

FIELDS = 60
FILLED = ("choice", "choice", "choice", "choices", "number", "number", "money", "date", "yes_no", "text")
OTHERS = ("text", "number", "date", "choice", "money", "choices", "yes_no", "long_text", "phone", "link")
OPTIONS = "一档 二档 三档 四档 五档 六档"
SHARE = 0.7  # of customers for whom a field is filled
CHUNK = 2_000
Row = tuple[str, str, int]  # custom, tag_ids, id


def defined(place: int) -> OwnField:
    """One field."""
    kind = ValueKind(FILLED[place] if place < len(FILLED) else OTHERS[place % len(OTHERS)])
    label = f"测速字段{place + 1}"
    values = {"subject": Subject.CUSTOMER, "section": "企业信息", "label": label, "value_kind": kind}
    chosen = [Choosable(None, name) for name in OPTIONS.split()] if kind.has_options else []
    return add_field(values, chosen, by=Author.system(), at=timezone.now())


class Drawn:
    """Values by chance, always the same."""

    def __init__(self, fields: list[OwnField]) -> None:
        self.fields = fields
        self.chance = random.Random(60)  # noqa: S311  repeatable, nothing secret
        self.options = {one.pk: [str(option.pk) for option in one.options.all()] for one in fields}
        self.tags: dict[int, list[int]] = {}
        for tag in Tag.objects.filter(state="active").order_by("id"):
            self.tags.setdefault(tag.group_id, []).append(tag.pk)

    def custom(self) -> dict[str, Any]:
        """The own fields of a customer."""
        return {one.name: self.value(one) for one in self.fields if self.chance.random() < SHARE}

    def value(self, one: OwnField) -> Any:
        """A value as the column keeps it."""
        chance, kind = self.chance, one.value_kind
        if kind == ValueKind.CHOICE:
            return chance.choice(self.options[one.pk])
        if kind == ValueKind.CHOICES:
            return sorted(chance.sample(self.options[one.pk], chance.randint(1, 3)), key=int)
        if kind in (ValueKind.NUMBER, ValueKind.MONEY):
            return str(chance.randint(0, 100_000))
        if kind == ValueKind.DATE:
            return f"20{chance.randint(20, 27)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        if kind == ValueKind.YES_NO:
            return chance.choice(("yes", "no"))
        return f"内容{chance.randint(0, 50_000)}"

    def tag_ids(self) -> list[int]:
        """A tag of each of two groups, or none."""
        groups = self.chance.sample(list(self.tags), min(2, len(self.tags)))
        return sorted(self.chance.choice(self.tags[one]) for one in groups if self.chance.random() < SHARE)


@transaction.atomic
def write(drawn: Drawn, ids: list[int]) -> None:
    """A chunk of customers, and the rows they are found by."""
    rows: list[Row] = []
    picks: list[tuple[str, str, int]] = []
    many = [one for one in drawn.fields if one.value_kind == ValueKind.CHOICES]
    for pk in ids:
        custom, tags = drawn.custom(), drawn.tag_ids()
        rows.append((json.dumps(custom, ensure_ascii=False), json.dumps(tags), pk))
        picks += [("customer.tags", str(tag), pk) for tag in tags]
        picks += [(one.key, value, pk) for one in many for value in custom.get(one.name, ())]
    table = CustomerChoice._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE customers_customer SET custom = %s, tag_ids = %s WHERE id = %s", rows)
        cursor.executemany(f"INSERT INTO {table} (field, value, customer_id) VALUES (%s, %s, %s)", picks)  # noqa: S608
