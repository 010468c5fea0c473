"""How an entry is sealed: pure functions from columns to digests.

``digest`` covers what is personal (name of the record, changed values) with a salt of its own; ``seal``
covers the digest, every other column and the seal of the entry before. So the values can be erased, and
everything else still fits. An entry waiting for its place in the chain bears ``mark`` instead, which needs
the key of the installation.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings

GENESIS = "0" * 64
COLUMNS = (
    "id",
    "at",
    "author_id",
    "author_name",
    "door",
    "address",
    "batch",
    "kind",
    "record_id",
    "action",
    "version",
    "customer_id",
    "digest",
)
PERSONAL = ("record_name", "changes", "salt")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_sorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def digest_of(record_name: str, changes: Mapping[str, Any], salt: str) -> str:
    """Digest of the personal values."""
    text = f"{salt}\n{_encode(record_name)}\n{_encode_sorted(changes)}"
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=256)
def _moment(at: datetime) -> str:
    """The same moment is the same text, from whichever database and in whichever zone it comes."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def body_of(values: tuple[Any, ...]) -> str:
    """The columns of an entry, in the order of COLUMNS, as one text."""
    pk, at, *rest = values
    return _encode([pk, _moment(at), *rest])


def seal_of(before: str, seq: int, body: str) -> str:
    """Seal of the entry at place ``seq`` behind the entry sealed ``before``."""
    return hashlib.sha256(f"{before}\n{seq}\n{body}".encode()).hexdigest()


def mark_of(text: str, purpose: str) -> str:
    """What only this installation can write under a text."""
    return hmac.new(_key(settings.SECRET_KEY, purpose), text.encode(), hashlib.sha256).hexdigest()


def is_marked(text: str, purpose: str, mark: str) -> bool:
    """Say whether this installation wrote the mark."""
    return hmac.compare_digest(mark_of(text, purpose), mark)


@lru_cache
def _key(secret: str, purpose: str) -> bytes:
    return hashlib.sha256(f"kebu.journal.{purpose}\n{secret}".encode()).digest()
