"""Telephone numbers in the forms people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kebu.base.kit.errors import KitError, Unreadable
from kebu.base.kit.phones import format_phone, mask_phone, parse_phone, parse_phones


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13812345678", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"),
        ("138 1234 5678", "+8613812345678"),
        ("138-1234-5678", "+8613812345678"),
        ("138.1234.5678", "+8613812345678"),
        ("+86 13812345678", "+8613812345678"),
        ("0086-13812345678", "+8613812345678"),
        ("8613812345678", "+8613812345678"),
        ("013812345678", "+8613812345678"),
        ("电话:13812345678", "+8613812345678"),
        ("手机 138 1234 5678（微信同号）", "+8613812345678"),
        ("13812345678.0", "+8613812345678"),
        ("0512-62850917", "+8651262850917"),
        ("(0512)6285 0917", "+8651262850917"),
        ("+86-512-62850917", "+8651262850917"),
        ("51262850917", "+8651262850917"),
        ("010-62850917", "+861062850917"),
        ("0758-2833333", "+867582833333"),
        ("0512-62850917转123", "+8651262850917;ext=123"),
        ("0512-62850917-123", "+8651262850917;ext=123"),
        ("0512-62850917 分机 8", "+8651262850917;ext=8"),
        ("021-58765432 ext. 12", "+862158765432;ext=12"),
        ("+8651262850917;ext=123", "+8651262850917;ext=123"),
        ("400-123-4567", "+864001234567"),
        ("4001234567转88", "+864001234567;ext=88"),
        ("800-810-1234", "+868008101234"),
        ("95588", "+8695588"),
        ("+852 6123 4567", "+85261234567"),
        ("001 415 555 2671", "+14155552671"),
    ],
)
def test_one_number(written: str, kept: str) -> None:
    assert parse_phone(written) == kept


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("1381234567", "手机号少一位，应为11位"),
        ("133844733569", "手机号多一位，应为11位"),
        ("138-1234-5678-9", "手机号多一位，应为11位"),
        ("13812", "手机号少六位，应为11位"),
        ("62850917", "固定电话要带区号，例如0512-62850917"),
        ("1381234567x", "号码里有“x”"),
        ("12345678901", "没有123开头的手机号"),
        ("400-123-456", "400电话少一位"),
        ("0512-628509", "区号或位数不对"),
        ("1.3812E+10", "科学计数法"),
        ("无", "不是电话号码"),
        ("", "不是电话号码"),
    ],
)
def test_the_fault_is_named(written: str, fault: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse_phone(written)
    assert fault in refusal.value.message


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13812345678/13912345679", ["+8613812345678", "+8613912345679"]),
        ("13812345678 13912345679", ["+8613812345678", "+8613912345679"]),
        ("138 1234 5678 139 1234 5679", ["+8613812345678", "+8613912345679"]),
        ("13812345678、13812345678", ["+8613812345678"]),
        ("0512-62850917/62850918", ["+8651262850917", "+8651262850918"]),
        ("手机:13812345678；电话:0512-62850917转8", ["+8613812345678", "+8651262850917;ext=8"]),
        ("13812345678、", ["+8613812345678"]),
        ("010-62850917", ["+861062850917"]),
    ],
)
def test_several_numbers_in_a_cell(written: str, kept: list[str]) -> None:
    assert parse_phones(written) == kept


def test_a_page_of_text_is_refused_at_once() -> None:
    with pytest.raises(Unreadable, match="不像电话号码"):
        parse_phones("1 " * 5000)


def test_of_several_numbers_the_wrong_one_is_named() -> None:
    with pytest.raises(Unreadable, match="“1391234567”：手机号少一位"):
        parse_phones("13812345678，1391234567")


@pytest.mark.parametrize(
    ("kept", "shown", "masked"),
    [
        ("+8613812345678", "138 1234 5678", "138****5678"),
        ("+8651262850917;ext=123", "0512-6285 0917 转 123", "0512-****0917"),
        ("+861062850917", "010-6285 0917", "010-****0917"),
        ("+867582833333", "0758-283 3333", "0758-****3333"),
        ("+864001234567", "400-123-4567", "400-***-4567"),
        ("+85261234567", "+852 6123 4567", "+852****4567"),
        ("+8695588", "95588", "95***"),
    ],
)
def test_shown_the_chinese_way(kept: str, shown: str, masked: str) -> None:
    assert format_phone(kept) == shown
    assert mask_phone(kept) == masked
    assert parse_phone(shown) == kept


@given(st.text(alphabet="0123456789+-() 转xe.;=/、８手机电话\n", max_size=30))
def test_any_text_is_read_or_refused_and_what_is_kept_reads_as_itself(written: str) -> None:
    try:
        numbers = parse_phones(written)
    except KitError:
        return
    assert numbers
    assert [parse_phone(number) for number in numbers] == numbers
    assert [parse_phone(format_phone(number)) for number in numbers] == numbers
