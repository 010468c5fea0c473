"""Components as HTML: what screen readers and the person with an error get."""

from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from kebu.base.ui.paging import Count, Page


def render(source: str, **values: Any) -> str:
    request = RequestFactory().get("/customers/?q=海纳&cursor=old")
    return Template(source).render(Context({"request": request, **values}))


class Sample(forms.Form):
    name = forms.CharField(label="客户名称", help_text="营业执照上的全称")
    kind = forms.ChoiceField(label="性质", choices=[("a", "企业"), ("b", "个人")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "表单过期了，请刷新"})


def test_a_field_is_labelled_and_explained() -> None:
    html = render("{% field form.name autofocus=True %}", form=Sample())
    assert '<label for="id_name">客户名称 <abbr title="必填">*</abbr></label>' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'id="id_name_helptext">营业执照上的全称<' in html
    assert " autofocus" in html


def test_an_error_stands_in_place_of_the_help() -> None:
    html = render("{% field form.name %}", form=Sample({"name": ""}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert "营业执照上的全称" not in html


def test_choices_are_a_group_with_a_legend() -> None:
    html = render("{% field form.kind %}", form=Sample({"kind": "b"}))
    assert html.count('class="form-check-input"') == 2
    assert '<legend class="k-label">性质' in html
    chosen = next(part for part in html.split("<input") if 'value="b"' in part)
    assert " checked" in chosen
    assert '<label class="k-check" for="id_kind_1">' in html


def test_the_summary_leads_to_the_fields_and_knows_hidden_ones() -> None:
    html = render("{% form_errors form %}", form=Sample({"kind": "a"}))
    assert "还有2处要改" in html
    assert '<a href="#id_name">客户名称：' in html
    assert "表单过期了，请刷新" in html


def test_text_of_people_is_escaped_everywhere() -> None:
    evil = '"><script>alert(1)</script>'
    source = (
        "{% who v %}{% face v %}{% badge v %}{% type_dot 'won' v %}{% stage_ring 2 v %}{% tags names 1 %}"
        "{% chip v v v v %}{% copy v v %}{% call v v %}{% empty v %}{% endempty %}"
        "{% menu v 'dots' v %}{% endmenu %}"
        "{% dialog 'x' v %}{% enddialog %}{{ v|phone }}{% grade v %}"
    )
    assert "<script>" not in render(source, v=evil, names=[evil, evil])


def test_the_pager_keeps_the_query_and_says_where_one_is() -> None:
    page: Page[Any] = Page([None] * 50, "nextcursor", "", 1)
    html = render(
        '{% pager page count target="#customer-list" %}', page=page, count=Count(1000, is_capped=True)
    )
    assert "第1–50个，共1,000+个" in html.replace("\n", "")
    assert "?q=%E6%B5%B7%E7%BA%B3&amp;cursor=nextcursor" in html
    assert 'hx-target="#customer-list"' in html
    assert html.count("disabled") == 1


def test_a_sheet_is_a_plain_form_on_a_page_and_swaps_itself_in_a_fragment() -> None:
    source = '{% sheet "新建客户" "/customers/new/" again="保存并继续" %}<input name="name">{% endsheet %}'
    plain = render(source, shell={"is_fragment": False})
    inside = render(source, shell={"is_fragment": True})
    assert 'method="post" action="/customers/new/"' in plain
    assert "hx-post" not in plain
    assert 'hx-post="/customers/new/" hx-target="this"' in inside
    assert 'name="again"' in inside


@pytest.mark.parametrize("rows", [[], None])
def test_nothing_is_drawn_for_no_tags(rows: list[str] | None) -> None:
    assert render("{% tags names %}", names=rows or []) == ""
