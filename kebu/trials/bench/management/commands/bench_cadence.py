"""``kebu bench_cadence``: every customer planned, planned again, and one whose grade changes; prints what it
takes."""

import json
import time
from typing import Any

import psutil
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.crm.cadence.engine import World
from kebu.crm.cadence.following import replan
from kebu.crm.cadence.loads import renew_shares
from kebu.crm.cadence.models import Turn
from kebu.crm.cadence.seen import COLUMNS
from kebu.crm.cadence.tasks import CHUNK, settle_after
from kebu.crm.customers.models import Customer
from kebu.crm.followups.choices import Source
from kebu.crm.followups.models import Plan, PlanExecutor

SINGLE, SAMPLE = 40, 20_000


class Command(BaseCommand):
    """All customers, as the night does it, and single ones, as a change of a grade does it."""

    help = _("测速用：重排跟进节奏")
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        process = psutil.Process()
        clear()
        seconds, changed, memory = everybody(process)
        again, still, _memory = everybody(process)
        found = {
            "customers": Customer.objects.count(),
            "turns": Turn.objects.count(),
            "plans": Plan.objects.filter(source=Source.CADENCE).count(),
            "seconds": round(seconds, 1),
            "changed": changed,
            "again_seconds": round(again, 1),
            "again_changed": still,
            "memory_mb": [round(memory[0]), round(max(memory))],
            "single_ms": single(),
            "floor": floor(),
        }
        self.stdout.write(json.dumps(found))


def clear() -> None:
    """Nobody is planned."""
    doing = PlanExecutor.objects.filter(plan__source=Source.CADENCE)
    for rows in (doing, Plan.objects.filter(source=Source.CADENCE), Turn.objects.all()):
        rows._raw_delete(rows.db)  # noqa: SLF001 (without collecting)


def everybody(process: psutil.Process) -> tuple[float, int, list[float]]:
    """Plan all customers; the seconds, the turns that changed, and the memory along the way in MB."""
    start, world = time.monotonic(), World.now(timezone.now())
    with transaction.atomic():
        renew_shares(world.rules, world.today)
    last = changed = 0
    memory: list[float] = []
    while True:
        last, _count, moved = settle_after(last, world, at=timezone.now())
        memory.append(process.memory_info().rss / 2**20)
        if not last:
            return time.monotonic() - start, changed, memory
        changed += moved


def single() -> dict[str, float]:
    """Customers from all over the table get another grade, one after the other; milliseconds each."""
    count = Customer.objects.live().exclude(grade="").count()
    spent = []
    for number in range(min(SINGLE, count)):
        rows = Customer.objects.live().exclude(grade="").order_by("pk")
        customer = rows[number * count // SINGLE]
        with transaction.atomic():
            grade = "B" if customer.grade == "A" else "A"
            Customer.objects.filter(pk=customer.pk).update(grade=grade)
            start = time.perf_counter()
            replan([customer.pk], at=timezone.now())
            spent.append((time.perf_counter() - start) * 1000)
            transaction.set_rollback(True)
    spent.sort()
    if not spent:
        return {}
    return {"median": round(spent[len(spent) // 2], 1), "p95": round(spent[int(len(spent) * 0.95)], 1)}


def floor() -> float:
    """Bare: the customers' columns read and the rows that came of them inserted; from the first ones."""
    ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:SAMPLE])
    parts = [ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK)]
    spent = 0.0
    for part in parts:
        plans = Plan.objects.filter(customer__in=part, source=Source.CADENCE)
        doing = PlanExecutor.objects.filter(plan__in=plans.values("pk"))
        told = [
            (rows.model, list(rows.values_list()))
            for rows in (Turn.objects.filter(customer__in=part), plans, doing)
        ]
        with transaction.atomic():
            for rows in (doing, plans, Turn.objects.filter(customer__in=part)):
                rows._raw_delete(rows.db)  # noqa: SLF001 (without collecting)
            start = time.monotonic()
            list(Customer.objects.filter(pk__in=part).values_list(*COLUMNS))
            for model, values in told:
                _insert(model, values)
            spent += time.monotonic() - start
    return round(spent * Customer.objects.count() / max(len(ids), 1), 1)


def _insert(model: type[Model], rows: list[tuple[Any, ...]]) -> None:
    fields: list[Any] = list(model._meta.concrete_fields)
    names, marks = ", ".join(one.column for one in fields), ", ".join(["%s"] * len(fields))
    values = [
        [one.get_db_prep_save(value, connection) for one, value in zip(fields, row, strict=True)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", values)  # noqa: S608
