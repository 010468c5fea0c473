"""Own fields for tests."""

from typing import Any

from django.utils import timezone

from kebu.base.journal.authors import Author
from kebu.office.custom_fields.actions import Choosable, add_field, bin_field
from kebu.office.custom_fields.models import OwnField


def made(label: str, kind: str = "text", *, options: str = "", **values: Any) -> OwnField:
    """A field of customers in 企业信息, unless told otherwise."""
    known = {"subject": "customer", "section": "企业信息", "label": label, "value_kind": kind}
    chosen = [Choosable(None, name) for name in options.split()] if "choice" in kind else []
    return add_field({**known, **values}, chosen, by=Author.system(), at=timezone.now())


def binned_field() -> OwnField:
    """A field in the bin."""
    row = made("旧字段")
    bin_field(row, by=Author.system(), at=timezone.now())
    return row
