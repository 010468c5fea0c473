"""Fixtures that need Django's models, for every room."""

pytest_plugins = ["tests.cast"]
