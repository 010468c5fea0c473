"""Upkeep of the database that others ask for too."""

from django.db import connection


def refresh_figures() -> None:
    """Refresh the figures by which the database chooses its indexes (the same word on both databases)."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
