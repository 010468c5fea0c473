"""The tables as they stand at some point of the migrations, which may be older than the code."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

Node = tuple[str, str]
# Who is signed in stays out: a copy of the archive must open nobody's session, and an old one none again.
LEFT_OUT = frozenset({"sessions", "usersessions"})


class State(NamedTuple):
    """The migrations applied, and the models of that time."""

    applied: list[Node]
    models: list[Any]


def state_of(database: BaseDatabaseWrapper | None = None) -> State:
    """The state of a database."""
    loader = MigrationLoader(database or connection)
    applied = sorted(node for node in loader.applied_migrations if node in loader.graph.nodes)
    return State(applied, models_at(loader, applied))


def models_at(loader: MigrationLoader, applied: Collection[Node]) -> list[type[models.Model]]:
    """Every model with a table of its own, by the name of the table."""
    apps = loader.project_state(tips(loader, applied)).apps
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in LEFT_OUT
    }
    return [found[name] for name in sorted(found)]


def tips(loader: MigrationLoader, applied: Collection[Node]) -> list[Node]:
    """The migrations of ``applied`` that no later one of the same app follows."""
    chosen = set(applied)
    return sorted(
        node
        for node in chosen
        if not any(
            child.key in chosen and child.key[0] == node[0] for child in loader.graph.node_map[node].children
        )
    )


def unknown(applied: Collection[Node]) -> list[Node]:
    """Those of ``applied`` that this code does not have."""
    known = MigrationLoader(None).graph.nodes
    return sorted(set(applied) - set(known))


def migrate_to(applied: Collection[Node]) -> list[type[models.Model]]:
    """Bring an empty database to that state; returns its models."""
    executor = MigrationExecutor(connection)
    executor.migrate(tips(executor.loader, applied))
    return models_at(MigrationExecutor(connection).loader, applied)
