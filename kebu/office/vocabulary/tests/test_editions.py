"""Another edition of GB/T 4754 takes the place of the present one; nothing in use is lost."""

from pathlib import Path

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.tables import write_table
from kebu.office.staff.models import User
from kebu.office.vocabulary.editions import Replaced, read_edition, replace_edition
from kebu.office.vocabulary.fields import IndustryField
from kebu.office.vocabulary.models import Industry
from tests.cast import MakeCustomer

pytestmark = pytest.mark.usefixtures("shipped")

FULL = """code,name,parent,level
A,农业门类,,1
01,农业,A,2
011,谷物种植,01,3
0111,稻谷种植,011,4
C,制造业,,1
39,电子制造业,C,2
"""


def read(tmp_path: Path, text: str) -> dict[str, tuple[str, str | None, int]]:
    path = tmp_path / "edition.csv"
    path.write_text(text, encoding="utf-8")
    return {row.code: (row.name, row.parent, row.level) for row in read_edition(str(path))}


def replace(tmp_path: Path, text: str) -> Replaced:
    path = tmp_path / "edition.csv"
    path.write_text(text, encoding="utf-8")
    return replace_edition(read_edition(str(path)), "2030", by=Author.system(), at=timezone.now())


def test_codes_are_keyed_by_letter(tmp_path: Path) -> None:
    rows = read(tmp_path, FULL)
    assert rows["A0111"] == ("稻谷种植", "A011", 4)
    assert rows["A01"] == ("农业", "A", 2)
    assert rows["C39"] == ("电子制造业", "C", 2)


def test_lost_zeros_and_missing_columns_are_made_up_for(tmp_path: Path) -> None:
    assert read(tmp_path, FULL.replace("\n0", "\n").replace(",0", ",")) == read(tmp_path, FULL)
    lean = "代码,名称\nA,农业门类\nA01,农业\nA011,谷物种植\nC,制造业\n39,电子制造业\n"
    assert read(tmp_path, lean)["C39"] == ("电子制造业", "C", 2)


@pytest.mark.parametrize(
    "text",
    [
        "code,name\n",
        "code,name\nC,制造业\n",
        "code,name\n39,电子\n",
        "code,name\nC,制造业\n391,计算机\n",
        "code,name\nC,制造业\n39,电子\n39,又来\n",
        "code,name\nC,制造业\n39,\n",
        "code,name\nC,制造业\n12345,长\n",
    ],
)
def test_a_broken_table_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unreadable):
        read(tmp_path, text)


def test_xlsx_with_numbers(tmp_path: Path) -> None:
    path = str(tmp_path / "edition.xlsx")
    rows: list[list[object]] = [["A", "农业门类", "", 1], [1, "农业", "A", 2], [11, "谷物种植", 1, 3]]
    write_table(path, ["code", "name", "parent", "level"], rows)
    assert [row.code for row in read_edition(path)] == ["A", "A01", "A011"]


def test_replace_keeps_what_is_in_use(tmp_path: Path, rep: User, make_customer: MakeCustomer) -> None:
    used = make_customer(rep, industry="I65")
    result = replace(tmp_path, FULL)
    assert (result.added, result.retired) == (2, 2)
    used.refresh_from_db()
    context = Context()
    assert IndustryField().show(used.industry_id, context) == "软件和信息技术服务业"
    assert set(Industry.objects.filter(is_active=False).values_list("code", flat=True)) == {"I", "I65"}
    assert not Industry.objects.filter(code="F51").exists()
    renamed = Industry.objects.get(code="C39")
    assert (renamed.name, "半导体" in renamed.aliases, renamed.edition) == ("电子制造业", True, "2030")
    offered = {code for _head, group in IndustryField().choices(context) for code, _name in group}
    assert offered == {"A", "A01", "C", "C39"}
    assert JournalEntry.objects.get(kind="industry").record_name == "GB/T 4754-2030"


def test_the_same_edition_twice_changes_nothing(tmp_path: Path) -> None:
    replace(tmp_path, FULL)
    assert replace(tmp_path, FULL) == Replaced(0, 0, 0, 0)
