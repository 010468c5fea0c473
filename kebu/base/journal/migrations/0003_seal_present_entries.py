"""Entries from before the chain get their place in it, oldest first, chunk by chunk; resumable."""

import secrets

from django.db import migrations, transaction

from kebu.base.journal.chain import HEAD
from kebu.base.journal.seals import COLUMNS, body_of, digest_of, mark_of, seal_of

CHUNK = 2_000


def seal(apps, schema_editor):
    Head, Entry = apps.get_model("journal", "JournalHead"), apps.get_model("journal", "JournalEntry")
    Head.objects.get_or_create(pk=1)
    with schema_editor.connection.cursor() as cursor:
        while seal_chunk(Head, Entry, cursor):
            pass


def seal_chunk(Head, Entry, cursor):
    with transaction.atomic():
        head = Head.objects.select_for_update().get(pk=1)
        rows = list(Entry.objects.filter(seq=None).order_by("id")[:CHUNK])
        values = []
        for row in rows:
            row.salt = secrets.token_hex(16)
            row.digest = digest_of(row.record_name, row.changes, row.salt)
            head.seq += 1
            head.seal = seal_of(head.seal, head.seq, body_of(tuple(getattr(row, name) for name in COLUMNS)))
            values.append((head.seq, row.salt, row.digest, head.seal, row.pk))
        sql = "UPDATE journal_journalentry SET seq = %s, salt = %s, digest = %s, seal = %s WHERE id = %s"
        if values:
            cursor.executemany(sql, values)
        head.count += len(rows)
        text = f"{head.seq} {head.seal} {head.count} {head.base_seq} {head.base_seal}"
        head.mark = mark_of(text, HEAD)
        head.save()
        return len(rows)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("journal", "0002_chain")]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop, elidable=False)]
