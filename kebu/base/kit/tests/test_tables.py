"""Reading and writing spreadsheets."""

import datetime as dt
import re
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kebu.base.kit import table_rows, table_write
from kebu.base.kit.errors import KitError, Unreadable
from kebu.base.kit.table_write import Sheet, write_book
from kebu.base.kit.tables import Row, open_table, write_table

TEXT = '姓名,电话\r\n张三,138\r\n\r\n"李,四","a\nb"\r\n'
HEADER = ["名称", "电话", "日期", "数"]
ROWS: list[list[object]] = [
    ["=1+1", "+8613812345678", dt.date(2024, 1, 1), 5],
    ["-x", "@y", dt.datetime(2024, 1, 1, 8, 30), 1.5],  # noqa: DTZ001 - cells have no zone
    ["", "http://a.cn", "甲\n乙", "007"],
    ["＝1+1", "'=1", "''x", "'"],
]


def read(path: Path, sheet: str | None = None) -> list[Row]:
    with open_table(str(path)) as table:
        return list(table.rows(sheet))


@pytest.fixture(scope="module")
def small_workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The same bytes for every example: a workbook holds the time of its making."""
    path = tmp_path_factory.mktemp("table") / "small.xlsx"
    write_table(str(path), HEADER, ROWS)
    return path.read_bytes()


def archive(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "客户.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert read(path) == [(1, ["姓名", "电话"]), (2, ["张三", "138"]), (4, ["李,四", "a\nb"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_with_every_delimiter(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "".join(delimiter.join(row) + "\n" for row in (["姓名", "电话", "注"], ["张三", "1 5", ""]))
    )
    assert read(path)[1].cells == ["张三", "1 5", ""]


def test_an_open_quote_is_refused_by_its_record(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n"x,y\nz,1\n')
    with pytest.raises(Unreadable, match="第2条记录的引号没有成对"):
        read(path)
    path.write_text('a,b\n5" 屏,y\nz,1\n')
    assert len(read(path)) == 3


@pytest.mark.parametrize("constant_memory", [True, False])
def test_xlsx_cells(tmp_path: Path, constant_memory: bool) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": constant_memory})
    sheet, hidden = book.add_worksheet("客户"), book.add_worksheet("隐藏")
    hidden.hide()
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    red = book.add_format({"num_format": '[Red]#,##0.00 "days"'})
    sheet.write_string(2, 1, "标题")
    sheet.write_row(3, 1, ["a", 1, 1.5, True, 13812345678])
    sheet.write_datetime(4, 1, dt.datetime(2024, 3, 5), day)  # noqa: DTZ001 - cells have no zone
    sheet.write_datetime(4, 2, dt.datetime(2024, 3, 5, 10, 20, 30), moment)  # noqa: DTZ001 - cells have no zone
    sheet.write_datetime(4, 3, dt.time(9, 30), moment)
    sheet.write_number(4, 4, 1234.5, red)
    sheet.write_number(4, 5, 45352, book.add_format({"num_format": 31}))
    sheet.write_formula(5, 1, "=1+1", None, 2)
    sheet.write_formula(5, 2, '="a"', None, "ab")
    sheet.write_formula(5, 3, "=1/0", None, "#DIV/0!")
    sheet.write_blank(5, 40, None, bold)
    sheet.write_rich_string(6, 1, "甲", bold, "乙", "丙")
    sheet.write_string(6, 3, " 前后\r\n换行 ")
    sheet.write_string(8, 1, "   ")
    sheet.write_string(9, 0, "末")
    book.close()
    assert read(path) == [
        (3, ["", "标题"]),
        (4, ["", "a", 1, 1.5, "TRUE", 13812345678]),
        (
            5,
            [
                "",
                dt.date(2024, 3, 5),
                dt.datetime(2024, 3, 5, 10, 20, 30),  # noqa: DTZ001 - cells have no zone
                "09:30:00",
                1234.5,
                dt.date(2024, 3, 1),
            ],
        ),
        (6, ["", 2, "ab"]),
        (7, ["", "甲乙丙", "", " 前后\r\n换行 "]),
        (10, ["末"]),
    ]
    with open_table(str(path)) as table:
        assert table.sheets == ("客户",)
    with pytest.raises(Unreadable, match="没有名为“别的”的工作表"):
        read(path, "别的")


def test_a_lone_cell_in_the_last_corner_is_told_at_no_cost(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "名称")
    sheet.write_string(1_048_575, 16_383, "末")
    book.close()
    with pytest.raises(Unreadable, match=r"第1,048,576行有16,384列，最多300列"):
        read(path)


def edited(path: Path, part: str, old: str, new: str) -> Path:
    """A workbook with a date, a duration and a text, one of its parts changed by a pattern."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "名称")
    sheet.write_number(2, 0, 45352, book.add_format({"num_format": 57}))
    sheet.write_number(2, 1, 1.5, book.add_format({"num_format": "[h]:mm"}))
    book.close()
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    content, count = re.subn(old, new, parts[part].decode(), count=1)
    assert count == 1
    return archive(path, {**parts, part: content.encode()})


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "dimension",
    ["", '<dimension ref="A1"/>', '<dimension ref="C9:D9"/>', '<dimension ref="A1:XFD1048576"/>'],
)
def test_what_a_sheet_says_about_its_size_is_not_believed(tmp_path: Path, dimension: str) -> None:
    path = edited(tmp_path / "a.xlsx", SHEET, "<dimension[^>]*>", dimension)
    assert read(path) == [(1, ["名称"]), (3, [dt.date(2024, 3, 1), "36:00:00"])]


def test_hidden_sheets_are_read_when_there_are_no_others(tmp_path: Path) -> None:
    path = edited(tmp_path / "a.xlsx", "xl/workbook.xml", "<sheet ", '<sheet state="hidden" ')
    assert len(read(path)) == 2


@pytest.mark.parametrize(
    ("part", "old", "new", "fault"),
    [
        (SHEET, '<row r="3"', '<row r="99999999999"', "超过1,048,576行"),
        (SHEET, 'r="A3"', 'r="ZZZZ3"', "已损坏"),
        (SHEET, "<worksheet", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><worksheet', "已损坏"),
        ("xl/sharedStrings.xml", "<sst", '<!DOCTYPE a [<!ENTITY b "c">]><sst', "已损坏"),
        ("xl/workbook.xml", "schemas.openxmlformats.org/spreadsheetml", "purl.oclc.org/ooxml/a", "严格"),
        ("xl/styles.xml", "$", " " * (17 << 20), "展开后过大"),
    ],
)
def test_parts_that_would_mislead_or_exhaust_are_refused(
    tmp_path: Path, part: str, old: str, new: str, fault: str
) -> None:
    with pytest.raises(Unreadable, match=fault):
        read(edited(tmp_path / "a.xlsx", part, old, new))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for count in (200, 4_000):
        path = tmp_path / f"{count}.xlsx"
        write_table(
            str(path),
            HEADER,
            ([f"公司{number}", "x" * 200, dt.date(2024, 1, 1), number] for number in range(count)),
        )
        tracemalloc.start()
        with open_table(str(path)) as table:
            assert sum(1 for _ in table.rows()) == count + 1
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 2 + 200_000


ENDLESS = 40 << 20
LONG = "长" * 40_000


def huge(path: Path, kind: str) -> Path:
    """A table with a cell of 40 MB: as one line, over many lines, in the sheet, among the shared texts."""
    if kind in ("line", "lines"):
        piece = "x" * 63 + ("x" if kind == "line" else "\n")
        path.write_text(f'名称,电话\r\n"{piece * (ENDLESS // 64)}",138\r\n', encoding="utf-8")
        return path
    texts = {"plain": f"<t>{'x' * ENDLESS}</t>", "rich": "<r><t>x</t></r>" * (ENDLESS // 15)}
    if kind == "shared":
        return edited(path, "xl/sharedStrings.xml", "<t>.*?</t>", texts["plain"])
    cell = f'<c r="A9" t="inlineStr"><is>{texts[kind]}</is></c>'
    return edited(path, SHEET, "</sheetData>", f'<row r="9">{cell}</row></sheetData>')


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["line", "lines", "plain", "rich", "shared"])
def test_an_endless_cell_is_refused_before_it_is_read(tmp_path: Path, kind: str) -> None:
    path = huge(tmp_path / "a.xlsx", kind)
    tracemalloc.start()
    with pytest.raises(Unreadable, match="最多32,767个字"):
        read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 << 20


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([["名称"], ["甲", LONG]], "第2行第2列有40,000个字，一格最多32,767个字"),
        ([["名称"], [str(n) for n in range(1000)]], "第2行有1,000列，最多300列"),
        ([["名称"], ["甲", *[""] * 1000]], ""),
    ],
)
def test_limits_of_a_row(tmp_path: Path, rows: list[list[str]], fault: str) -> None:
    path = tmp_path / "a.csv"
    write_table(str(path), rows[0], rows[1:])
    if not fault:
        assert read(path)[1].cells[0] == "甲"
        return
    with pytest.raises(Unreadable, match=fault):
        read(path)


def test_too_many_rows_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_rows, "MOST_ROWS", 1_000)
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\n" * 1_001)
    with pytest.raises(Unreadable, match="超过1,000行，请拆成几个文件"):
        read(path)


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_what_is_written_reads_back_and_stays_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write_table(str(path), HEADER, ROWS) == 4
    rows = read(path)
    wanted = [[str(cell) if name == "a.csv" else cell for cell in row] for row in ROWS]
    assert [row.cells for row in rows] == [HEADER, *wanted]


def test_a_csv_has_a_mark_and_computes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_table(str(path), HEADER, ROWS)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"'=1+1,'+8613812345678" in content


def test_a_workbook_goes_on_in_another_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    rows = [[number] for number in range(25)]
    assert write_table(str(path), ["数"], iter(rows), sheet="客户/甲", rows_a_sheet=11) == 25
    with open_table(str(path)) as table:
        assert list(table.sheets) == ["客户 甲", "客户 甲 2", "客户 甲 3"]
        read_back = [list(table.rows(name)) for name in table.sheets]
    assert [len(sheet) for sheet in read_back] == [11, 11, 6]
    assert [sheet[0].cells for sheet in read_back] == [["数"]] * 3
    assert [row.cells for sheet in read_back for row in sheet[1:]] == rows
    assert [file.name for file in tmp_path.iterdir()] == ["a.xlsx"]
    assert table_write.MAX_XLSX_ROWS == 1_048_576  # as Excel has it; a few show what comes of one row more
    monkeypatch.setattr(table_write, "MAX_XLSX_ROWS", 2_000)
    assert write_table(str(path), ["数"], ([0] for _row in range(1_999))) == 1_999
    with pytest.raises(KitError, match="改用CSV"):
        write_table(str(path), ["数"], ([0] for _row in range(2_000)))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "文件是空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧的xls格式"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60) + "EncryptedPackage".encode("utf-16-le"),
            "打开密码",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60) + "WordDocument".encode("utf-16-le"), "文字文档"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"%PDF-1.4", "PDF"),
        (b"PK\x03\x04rubbish", "已损坏"),
        (b"Rar!\x1a\x07", "压缩包"),
        (b"<html><table>", "网页格式"),
        (bytes(range(256)) * 4, "看不出这是什么文件"),
    ],
)
def test_other_files_are_refused_with_what_to_do(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=fault):
        read(path)


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({"word/document.xml": b"x"}, "文字文档"),
        ({"content.xml": b"x"}, "ods格式"),
        ({"xl/workbook.bin": b"x"}, "xlsb格式"),
        ({"a.csv": b"x"}, "压缩包"),
        ({"xl/workbook.xml": b"<a/>"}, "已损坏"),
        ({"xl/workbook.xml": b"0" * (100 << 20)}, "展开后过大"),
    ],
)
def test_other_archives_are_refused_with_what_to_do(
    tmp_path: Path, parts: dict[str, bytes], fault: str
) -> None:
    with pytest.raises(Unreadable, match=fault):
        read(archive(tmp_path / "a.xlsx", parts))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, small_workbook: bytes, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("table") / "a.xlsx"
    content = bytearray(small_workbook)
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))])
    with suppress(KitError):
        read(path)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("table") / "a.csv"
    path.write_bytes(content)
    with suppress(KitError):
        read(path)


def test_a_book_of_several_tables(tmp_path: Path) -> None:
    """Each under its name with its own header; texts stay texts in all of them."""
    path = tmp_path / "复盘.xlsx"
    sheets = [Sheet("指标", ["指标", "本月"], [["新增", 5]]), Sheet("每/个人", ["姓名"], [["=1+1"], ["@y"]])]
    write_book(str(path), sheets)
    assert read(path, "指标") == [(1, ["指标", "本月"]), (2, ["新增", 5])]
    assert read(path, "每 个人") == [(1, ["姓名"]), (2, ["=1+1"]), (3, ["@y"])]
    with zipfile.ZipFile(path) as book:
        assert b"<f>" not in b"".join(book.read(name) for name in book.namelist())
    assert [one.name for one in tmp_path.iterdir()] == ["复盘.xlsx"]
