"""What people write is found: sources with a text around them, industries by their everyday names."""

import pytest

from kebu.base.fields.directories import Context
from kebu.base.kit.errors import Unreadable
from kebu.office.vocabulary.choices import TermKind
from kebu.office.vocabulary.fields import IndustryField, TermField, after
from kebu.office.vocabulary.models import Industry, Term

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("餐饮", "H62"),
        ("餐饮业", "H62"),
        ("软件业", "I65"),
        ("IT服务", "I65"),
        ("信息技术", "I65"),
        ("批发", "F51"),
        ("教育", "P83"),
        ("电子设备制造", "C39"),
        ("制造业-电子", "C39"),
        ("制造业－专用设备制造", "C35"),
        ("服务业-零售", "F52"),
        ("c39", "C39"),
    ],
)
def test_industry_is_found(text: str, code: str) -> None:
    assert IndustryField().parse(text, Context()) == code


@pytest.mark.parametrize("text", ["跨界融合", "？？", "其它乱写"])
def test_unknown_industry_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        IndustryField().parse(text, Context())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2024年春季行业展会", "展会"),
        ("客户转介绍", "转介绍"),
        ("展会推广", "展会"),
        ("客户推荐", "转介绍"),
        ("社交私信", "社交媒体"),
        ("公司官网留言", "官网表单"),
    ],
)
def test_source_is_found(text: str, name: str) -> None:
    key = TermField(TermKind.SOURCE).parse(text, Context())
    assert Term.objects.get(pk=key).name == name


@pytest.mark.parametrize(("text", "name"), [("需求确认", "需求分析"), ("商务谈判", "谈判"), ("成交", "成交")])
def test_stage_is_found(text: str, name: str) -> None:
    key = TermField(TermKind.STAGE).parse(text, Context())
    assert Term.objects.get(pk=key).name == name


def test_stage_is_not_guessed_from_a_sentence() -> None:
    with pytest.raises(Unreadable):
        TermField(TermKind.STAGE).parse("下周三开始报价", Context())


def test_no_alias_is_given_twice() -> None:
    for kind in TermKind:
        words = [word for term in Term.objects.filter(kind=kind) for word in (term.name, *term.aliases)]
        assert len(words) == len(set(words))
    words = [alias for row in Industry.objects.all() for alias in row.aliases]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(("code", "bound"), [("C", "D"), ("C39", "C40"), ("F529", "F530"), ("T97", "T98")])
def test_range_below_a_class(code: str, bound: str) -> None:
    assert after(code) == bound


def test_shipped_table_is_whole() -> None:
    assert [Industry.objects.filter(level=level).count() for level in (1, 2)] == [20, 97]


def test_a_source_is_never_read_from_the_number_of_another() -> None:
    key = str(Term.objects.filter(kind=TermKind.SOURCE).order_by("-id")[0].pk)
    assert len(key) > 1
    with pytest.raises(Unreadable):
        TermField(TermKind.SOURCE).parse(f"第{key}次来", Context())
