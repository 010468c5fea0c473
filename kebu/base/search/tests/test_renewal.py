"""An index made by an earlier version is written anew, and a stop on the way costs nothing."""

import pytest
from django.db import connection

from kebu.base.search import Document, SearchIndex, engine_postgresql, engine_sqlite, renewal
from kebu.base.search.models import CustomerEntry

pytestmark = pytest.mark.django_db
INDEX = SearchIndex("customer")


def test_renewing_goes_on_where_it_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [
        Document(number, (f"远近{number}号公司",), (), (f"CUS20261{number:04d}",)) for number in range(7)
    ]
    with monkeypatch.context() as patch:  # an index that knew nothing but labels
        for engine in (engine_sqlite, engine_postgresql):
            patch.setattr(engine, "grams", lambda entry: ["=o1"])
        INDEX.rebuild(documents)
    assert INDEX.find("远近") == []
    monkeypatch.setattr(renewal, "CHUNK", 2)
    copied = renewal._copy_chunk
    rounds = []

    def stops(*args):  # type: ignore[no-untyped-def]
        rounds.append(1)
        if len(rounds) == 3:
            raise KeyboardInterrupt
        return copied(*args)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(renewal, "_copy_chunk", stops)
        renewal.renew(connection, INDEX.table)
    assert INDEX.find("远近") == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_customer_fresh")
        assert cursor.fetchone() == (4,)
    renewal.renew(connection, INDEX.table)
    assert INDEX.find("远近") == INDEX.find("cus2026") == [6, 5, 4, 3, 2, 1, 0]
    assert CustomerEntry.objects.count() == 7
    assert "search_customer_fresh" not in connection.introspection.table_names()
    INDEX.put([Document(6, ("别处公司",))])
    INDEX.remove([0])
    assert INDEX.find("远近") == [5, 4, 3, 2, 1]
