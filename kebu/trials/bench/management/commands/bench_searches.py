"""``kebu bench_searches COUNT``: what people type into the search, drawn from what is there, as JSON."""

import json
import random
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from kebu.base.kit.pinyin import initials
from kebu.crm.customers.models import Customer


class Command(BaseCommand):
    """Two characters of a name, three or four initials, four or five digits of a phone."""

    help = _("测速用：列出要搜索的文字")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("count", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        chance = random.Random(13)  # noqa: S311  repeatable, nothing secret
        known = Customer.objects.exclude(phone="").order_by("id").values_list("id", flat=True)
        chosen = chance.sample(list(known), min(options["count"], len(known)))
        rows = list(Customer.objects.filter(pk__in=chosen).order_by("id").values_list("name", "phone"))
        found = {
            "find_2": [piece(name, 2, chance) for name, _phone in rows],
            "find_initials": [initials(piece(name, chance.choice((3, 4)), chance)) for name, _phone in rows],
            "find_phone": [
                piece(phone.removeprefix("+86"), chance.choice((4, 5)), chance) for _name, phone in rows
            ],
        }
        self.stdout.write(json.dumps(found))


def piece(text: str, length: int, chance: random.Random) -> str:
    """A stretch of the text from somewhere within."""
    start = chance.randrange(max(1, len(text) - length + 1))
    return text[start : start + length]
