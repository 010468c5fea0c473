"""Somebody of whom many places tell, and whether any still does."""

import json
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings as django_settings
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.actions import log_interaction

WORDS = ("王磊", "13800138000", "138 0013 8000", "wanglei_2026", "wang@haina.example")


def naming(words: tuple[str, ...] = WORDS) -> list[str]:
    """Every table and file that still names the person, as table.column or path."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            for column, value in row.items():
                text = json.dumps(value, ensure_ascii=False, default=str)
                found += [f"{model._meta.db_table}.{column}: {text}" for word in words if word in text]
    root = Path(django_settings.MEDIA_ROOT)
    for path in root.rglob("*"):
        if path.is_file() and any(word.encode() in path.read_bytes() for word in words):
            found.append(str(path))
    return found


def talk(customer: Customer, contact: Contact | None, summary: str, by: Author) -> Any:
    now = timezone.now()
    values = {"summary": summary, "method": "phone", "status": "ongoing", "happened_at": now}
    return log_interaction(customer, values, contact=contact, by=by, at=now, context=Context())
