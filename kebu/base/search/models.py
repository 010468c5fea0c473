"""The stored text of each kind of record: one table ``search_<kind>`` with the columns of Entry."""

from django.db import models


class Entry(models.Model):
    """What one record can be found by, folded and ready to compare (entries.py). Only engines write it."""

    id = models.BigIntegerField(primary_key=True)
    names = models.TextField()
    numbers = models.TextField()
    initials = models.TextField()
    syllables = models.TextField()
    labels = models.TextField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.id}"


class CustomerEntry(Entry):
    """Texts of the kind "customer", under the customer's id. A further kind is a class and a migration."""

    class Meta:
        db_table = "search_customer"
