"""Imports and foreign keys look down the map."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.house import ROOT, looks_down


def test_imports_look_down() -> None:
    answer = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout[answer.stdout.find("Broken contracts") :]


def test_foreign_keys_look_down() -> None:
    wrong = []
    for model in apps.get_models():
        for field in model._meta.get_fields(include_hidden=False):
            target = field.related_model if field.is_relation and not field.auto_created else None
            if isinstance(target, type) and {model.__module__[:5], target.__module__[:5]} == {"kebu."}:
                here, there = model.__module__, target.__module__
                if not looks_down(here, there):
                    wrong.append(f"{model.__name__}.{field.name} points up or sideways to {target.__name__}")
    assert not wrong


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("kebu.crm.contacts.models", "kebu.crm.customers.models", True),
        ("kebu.crm.customers.models", "kebu.crm.contacts.models", False),
        ("kebu.base.jobs.models", "kebu.base.journal.models", False),
        ("kebu.base.jobs.models", "kebu.office.staff.models", False),
        ("kebu.office.staff.models", "kebu.base.jobs.models", True),
        ("kebu.base.jobs.models", "kebu.base.jobs.choices", True),
    ],
)
def test_the_map_is_read_rightly(importer: str, imported: str, allowed: bool) -> None:
    assert looks_down(importer, imported) is allowed
