"""Small files as offices keep them, and an import taken through its steps."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.jobs.worker import Worker
from kebu.exchange.imports import tasks
from kebu.exchange.imports.models import Import

HEADERS = ["客户名称", "联系电话", "联系人", "职务", "所属行业", "首次接触时间", "来源", "负责人"]
GOOD = [
    ["苏州海纳科技有限公司", "138 0013 8000", "王磊", "采购经理", "软件", "2026.3.5", "展会", ""],
    ["杭州云杉冷链物流有限公司", "0571-87902210", "韩见溪", "运营总监", "物流", "2026年3月9日", "转介绍", ""],
    ["李静", "13900139000", "", "", "", "", "电话陌拜", ""],
]
BAD_PHONE = ["盐城沐野农机有限公司", "1380000112", "季晓棠", "", "", "", "", ""]
BAD_DAY = ["扬州筱园食品有限公司", "13700137000", "", "", "", "2026年2月30日", "", ""]
NAMELESS = ["", "13600136000", "", "", "", "", "", ""]
ODD_INDUSTRY = ["镇江焦山堂包装有限公司", "13500135000", "", "", "吃的", "", "", ""]
DOUBLE = ["苏州海纳科技有限责任公司", "13400134000", "", "", "", "", "", ""]
Rows = Sequence[Sequence[Any]]


def xlsx(rows: Rows, *, above: Sequence[str] = (), sheet: str = "客户", first: Rows = ()) -> bytes:
    """A workbook: title rows above, the rows, perhaps another sheet before; same rows, same bytes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime(2026, 11, 22, tzinfo=UTC)})
        if first:
            write(book.add_worksheet("说明"), first)
        write(book.add_worksheet(sheet), [*([title] for title in above), *rows])
    return out.getvalue()


def write(sheet: Any, rows: Rows) -> None:
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(line, column, value)


def csv(rows: Rows, encoding: str) -> bytes:
    return "".join(",".join(map(str, row)) + "\r\n" for row in rows).encode(encoding)


def upload(client: Client, content: bytes, name: str = "名单.xlsx", **headers: str) -> Any:
    return client.post("/imports/", {"file": SimpleUploadedFile(name, content)}, headers=headers)


def work_off(folder: Path) -> None:
    """Do every job that is due, as the worker would."""
    assert tasks.check is not None
    worker = Worker(folder / "workers")
    while job := Job.objects.claim(worker.presence.holder, at=timezone.now()):
        worker.perform(job)
    worker.presence.leave()


def taken(client: Client, folder: Path, rows: Rows, **options: Any) -> Import:
    """The import of a file of these rows below HEADERS, checked."""
    answer = upload(client, xlsx([HEADERS, *rows], **options))
    assert answer.status_code == 302, answer.content.decode()
    work_off(folder)
    return Import.objects.get(pk=int(answer["Location"].rstrip("/").rpartition("/")[2]))


def committed(client: Client, folder: Path, source: Import) -> Import:
    client.post(f"/imports/{source.pk}/commit/")
    work_off(folder)
    source.refresh_from_db()
    return source


def outcomes(source: Import) -> list[str]:
    return list(source.rows.order_by("number").values_list("outcome", flat=True))
