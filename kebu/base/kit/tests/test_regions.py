"""Regions: the table, display and addresses."""

import pytest

from kebu.base.kit.region_table import short_name, table
from kebu.base.kit.regions import (
    children,
    city_code,
    display,
    macro_ranges,
    macro_region,
    parse_region,
    prefix_range,
    province_code,
    region,
    short_display,
)
from kebu.base.kit.regions_find import find_regions


def test_the_table_is_whole() -> None:
    assert len(children()) == 34
    assert len(table().by_code) > 3100
    for row in table().by_code.values():
        assert len(row.code) == 6
        assert row.code.isdigit()
        assert (row.parent is None) is (row.level == 1)
        assert row.parent is None or table().by_code[row.parent].level < row.level
        assert len(row.short) >= 2
        assert macro_region(row.code)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("江苏省", "江苏"),
        ("内蒙古自治区", "内蒙古"),
        ("广西壮族自治区", "广西"),
        ("新疆维吾尔自治区", "新疆"),
        ("香港特别行政区", "香港"),
        ("延边朝鲜族自治州", "延边"),
        ("克孜勒苏柯尔克孜自治州", "克孜勒苏"),
        ("大兴安岭地区", "大兴安岭"),
        ("浦东新区", "浦东"),
        ("城步苗族自治县", "城步"),
        ("土默特左旗", "土默特左旗"),
        ("唐县", "唐县"),
        ("昆山市", "昆山"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("code", "shown", "short", "macro", "bounds"),
    [
        ("320000", "江苏省", "江苏", "华东", ("320000", "330000")),
        ("320500", "江苏省-苏州市", "江苏苏州", "华东", ("320500", "320600")),
        ("320583", "江苏省-苏州市-昆山市", "江苏苏州昆山", "华东", ("320583", "320584")),
        ("310100", "上海市-上海市", "上海", "华东", ("310000", "320000")),
        ("310115", "上海市-上海市-浦东新区", "上海浦东", "华东", ("310115", "310116")),
        ("500233", "重庆市-重庆市-忠县", "重庆忠县", "西南", ("500233", "500234")),
        ("429004", "湖北省-仙桃市", "湖北仙桃", "华中", ("429004", "429005")),
        ("710000", "台湾省", "台湾", "港澳台", ("710000", "720000")),
        ("999999", "", "", "", ("999999", "1000000")),
    ],
)
def test_display(code: str, shown: str, short: str, macro: str, bounds: tuple[str, str]) -> None:
    assert (display(code), short_display(code), macro_region(code)) == (shown, short, macro)
    assert prefix_range(code) == bounds


def test_ancestors() -> None:
    assert (province_code("320583"), city_code("320583"), city_code("320500")) == (
        "320000",
        "320500",
        "320500",
    )
    assert (city_code("320000"), city_code("310115"), city_code("999999")) == (None, "310100", None)
    assert region("320583") is not None
    assert region("999999") is None
    assert [part.name for part in children("310000")] == ["上海市"]
    assert ("310000", "320000") in macro_ranges("华东")


@pytest.mark.parametrize(
    ("address", "code", "rest"),
    [
        ("江苏省苏州市昆山市科技路277号", "320583", "科技路277号"),
        ("江苏省 苏州市 昆山市", "320583", ""),
        ("江苏省昆山市科技路1号", "320583", "科技路1号"),
        ("苏州市昆山市科技路89号", "320583", "科技路89号"),
        ("昆山科技路", "320583", "科技路"),
        ("深圳市南山区", "440305", ""),
        ("四川省-成都市", "510100", ""),
        ("华东-上海", "310100", ""),
        ("上海市-上海市", "310100", ""),
        ("上海", "310100", ""),
        ("上海市浦东新区南京路1号", "310115", "南京路1号"),
        ("北京市朝阳区建国路1号", "110105", "建国路1号"),
        ("北京市市辖区朝阳区", "110105", ""),
        ("长春朝阳区", "220104", ""),
        ("湖北省仙桃市", "429004", ""),
        ("东莞市长安镇", "441900", "长安镇"),
        ("内蒙古呼和浩特", "150100", ""),
        ("215300 中国江苏昆山", "320583", ""),
        ("苏州工业园区", "320500", "工业园区"),
        ("苏州市吴中大道1号", "320500", "吴中大道1号"),
        ("江苏省南京路5号", "320000", "南京路5号"),
        ("吉林", "220000", ""),
        ("吉林市", "220200", ""),
        ("海南", "460000", ""),
        ("西安", "610100", ""),
        ("南汇区惠南镇", "310115", "惠南镇"),
        ("香港", "810000", ""),
        ("中山路100号", None, "中山路100号"),
        ("美国加州", None, "美国加州"),
        ("华东", None, "华东"),
        ("", None, ""),
    ],
)
def test_addresses(address: str, code: str | None, rest: str) -> None:
    assert parse_region(address) == (code, rest, ())


@pytest.mark.parametrize(
    ("address", "among"),
    [
        ("朝阳区", ("110105", "220104")),
        ("朝阳", ("110105", "211300")),
        ("鼓楼区中山路1号", ("320106", "350102")),
    ],
)
def test_a_name_of_several_regions_gives_candidates(address: str, among: tuple[str, ...]) -> None:
    match = parse_region(address)
    assert match.code is None
    assert match.rest == address
    assert set(among) <= set(match.candidates)


def test_every_region_is_found_by_its_full_name() -> None:
    for row in table().by_code.values():
        wanted = row.code[:2] + "0100" if row.level == 1 and row.is_municipality else row.code
        assert parse_region(display(row.code)).code == wanted, row


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("昆山", "320583"), ("ks", "320583"), ("szks", "320583"), ("苏州昆", "320583"), ("sh", "310100"),
        ("shanghai", "310100"), ("xi'an", "610100"), ("重庆", "500100"), ("内蒙", "150000"),
        ("江苏-苏州", "320500"), ("昆山市科技路277号", "320583"), ("朝阳", "110105"), ("朝阳", "211300"),
    ],
)  # fmt: skip
def test_regions_are_found_while_typing(typed: str, found: str) -> None:
    assert found in find_regions(typed)


def test_the_region_called_so_comes_before_those_that_begin_so() -> None:
    assert find_regions("xian")[0] == "610100"
    assert find_regions("js")[0] == "320000"
    assert find_regions("") == find_regions(" -") == find_regions("qqq") == []
