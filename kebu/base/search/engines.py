"""The engine of each database; both have the same functions."""

from types import ModuleType

from kebu.base.search import engine_postgresql, engine_sqlite

ENGINES: dict[str, ModuleType] = {"sqlite": engine_sqlite, "postgresql": engine_postgresql}
