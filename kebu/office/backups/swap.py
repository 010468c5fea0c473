"""Putting what was restored in the place of what was there, so that a power cut half-way is made good.

A plan is written first and worked off step by step; each step can be repeated. Whatever starts next on the
data folder works off a plan it finds (``finish``) before it opens the database.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.db import connection, transaction

from kebu.office.backups.sealed import sync_folder

PLAN = "restore.plan"


@dataclass(slots=True)
class Plan:
    """Moves of files (what is there, what takes its place or "" for nothing, where the former goes), the
    schema of PostgreSQL in the same way, and the folder to clear away in the end."""

    moves: list[list[str]] = field(default_factory=list)
    schema: list[str] = field(default_factory=list)
    staging: list[str] = field(default_factory=list)


def carry_out(plan: Plan, folder: Path) -> None:
    """Write the plan down, then do it."""
    part = folder / f"{PLAN}.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump(asdict(plan), file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    part.rename(folder / PLAN)
    sync_folder(folder)
    finish(folder)


def finish(folder: Path) -> bool:
    """Work off a plan left in the data folder; False when there is none."""
    path = folder / PLAN
    if not path.exists():
        return False
    plan = Plan(**json.loads(path.read_text(encoding="utf-8")))
    connection.close()
    for live, new, old in plan.moves:
        _move(Path(live), Path(new) if new else None, Path(old))
    if plan.schema:
        _rename_schemas(*plan.schema)
    for staging in plan.staging:
        shutil.rmtree(staging, ignore_errors=True)
    path.unlink()
    sync_folder(folder)
    return True


def _move(live: Path, new: Path | None, old: Path) -> None:
    """The former away, the new one in. When the new one is in its place already there is nothing to do."""
    if new is not None and not new.exists():
        return
    if live.exists():
        old.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        while old.exists():  # made anew between the two moves, by a start that was in a hurry
            old = old.with_name(f"{old.name}.1")
        live.rename(old)
    if new is not None:
        new.rename(live)
    sync_folder(live.parent)


def _rename_schemas(live: str, new: str, old: str) -> None:
    """Both renames in one transaction: nobody ever sees none or two."""
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname IN (%s, %s)", [live, new])
        there = {row[0] for row in cursor.fetchall()}
        if new not in there:
            return
        if live in there:
            cursor.execute(f"ALTER SCHEMA {quote(live)} RENAME TO {quote(old)}")
        cursor.execute(f"ALTER SCHEMA {quote(new)} RENAME TO {quote(live)}")
