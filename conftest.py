"""Fixtures that need Django's models, for every room."""

import os

# The browser driver keeps an event loop of its own in the process, also for the tests that follow a journey.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

pytest_plugins = ["tests.cast"]
