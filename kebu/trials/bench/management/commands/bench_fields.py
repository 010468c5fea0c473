"""``kebu bench_fields``: sixty fields of the office's own, ten of them filled, and tags on most customers."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from kebu.crm.customers.models import Customer
from kebu.office.custom_fields import indexes
from kebu.office.custom_fields.models import OwnField
from kebu.trials.bench.own_fields import CHUNK, FIELDS, FILLED, Drawn, defined, write


class Command(BaseCommand):
    """What an office adds in years, at once; the values are written bare."""

    help = _("测速用：建60个自定义字段，填好其中10个，打上标签")
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if OwnField.objects.exists():
            return
        with transaction.atomic():
            fields = [defined(place) for place in range(FIELDS)]
        drawn = Drawn(fields[: len(FILLED)])
        every = list(Customer.objects.order_by("id").values_list("id", flat=True))
        for start in range(0, len(every), CHUNK):
            write(drawn, every[start : start + CHUNK])
        indexes.tend_own_indexes()
        self.stdout.write(f"{len(fields)}")
