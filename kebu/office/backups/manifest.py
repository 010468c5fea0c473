"""What an archive says about itself."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any, Self

from django.utils.translation import gettext as _

from kebu.office.backups.refusals import Unusable

NAME = "manifest.json"
README = "KEBU-BACKUP.txt"
PRODUCT = "kebu"
FORMAT = 1
ANCHOR = "journal.anchor"  # of room journal, whose models a command looking at manifests does not load
KEYS = ("secret.key", "demo.password", ANCHOR)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in the order of the rows, how many rows, their digest, the last id given out."""

    columns: list[str]
    rows: int
    sha256: str
    last_id: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """One file: size and digest."""

    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """Everything by which an archive is judged. ``files`` are uploads by their path, ``keys`` the secrets."""

    made_at: str
    engine: str
    version: str
    migrations: list[list[str]]
    tables: dict[str, Table] = field(default_factory=dict)
    files: dict[str, Kept] = field(default_factory=dict)
    keys: dict[str, Kept] = field(default_factory=dict)
    product: str = PRODUCT
    format: int = FORMAT

    @property
    def row_count(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def dumps(self) -> bytes:
        """The manifest as it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @classmethod
    def loads(cls, text: bytes) -> Self:
        """Read a manifest; raises Unusable when it is not one, or one of a later format."""
        try:
            values = json.loads(text)
            is_ours = values["product"] == PRODUCT
            number = int(values["format"])
        except (ValueError, KeyError, TypeError) as error:
            raise Unusable(_("这不是客簿的备份：清单读不懂。")) from error
        if not is_ours:
            raise Unusable(_("这不是客簿的备份，是别的程序做的。"))
        if number > FORMAT:
            raise Unusable(_("备份来自更新的客簿（格式%(format)d），请先升级客簿。") % {"format": number})
        try:
            return cls._made_of(values)
        except (KeyError, TypeError, AttributeError) as error:
            raise Unusable(_("备份坏了：清单不完整。")) from error

    @classmethod
    def _made_of(cls, values: dict[str, Any]) -> Self:
        tables = {name: Table(**table) for name, table in values.pop("tables").items()}
        files, keys = (
            {name: Kept(**one) for name, one in values.pop(part).items()} for part in ("files", "keys")
        )
        if not all(map(is_harmless, files)) or not set(keys) <= set(KEYS):
            raise Unusable(_("备份里有不该有的文件名，没有使用。"))
        return cls(tables=tables, files=files, keys=keys, **values)

    def members(self) -> dict[str, str]:
        """Every member of the archive by its name, with its digest; the manifest and the note have none."""
        named = {f"tables/{name}.jsonl": table.sha256 for name, table in self.tables.items()}
        named |= {f"files/{name}": kept.sha256 for name, kept in self.files.items()}
        return named | {f"keys/{name}": kept.sha256 for name, kept in self.keys.items()}


def is_harmless(name: str) -> bool:
    """Say whether the path stays inside the folder it is unpacked to."""
    path = PurePosixPath(name)
    odd = not name or "\\" in name or "\0" in name or ":" in path.parts[0]
    return not odd and not path.is_absolute() and ".." not in path.parts and str(path) == name
