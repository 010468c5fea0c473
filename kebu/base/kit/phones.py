"""Telephone numbers: read in every form people write, kept as E.164 with an optional `;ext=`."""

import re
from functools import lru_cache

import phonenumbers
from django.utils.translation import gettext as _

from kebu.base.kit.errors import Unreadable
from kebu.base.kit.phone_faults import fault_of
from kebu.base.kit.text import fold

_LABEL = re.compile(
    r"^(?:联系电话|联系方式|移动电话|固定电话|办公电话|手机号码|手机号|手机|电话号码|电话|座机|固话|热线|传真"
    r"|telephone|tel|mobile|mob|phone|cell)[\s.:]*(?=[+(\d])",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\s*\(?(?:微信|电话)?(?:同号|同步)\)?$|\s*\((?:微信|手机|电话|办公|座机)\)$")
_DASHES = re.compile("[‐-―−ー_~]")
_EXTENSION = re.compile(
    r"(?:转|分机号?|;ext=|(?<=\d)\s*ext?n?\.?|(?<=\d)\s*x|#)[\s:.]*(?:分机)?(\d{1,6})$", re.IGNORECASE
)
_PUNCTUATION = re.compile(r"[\s\-.()/]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_HOTLINE = re.compile(r"[48]00\d{7}")
_SERVICE = re.compile(r"95\d{3}(?:\d{3})?")
_DASHED_EXTENSION = re.compile(r"^(.*\d)[-\s]*-[-\s]*(\d{1,6})$")
_LONGEST_CELL = 300
_BETWEEN = re.compile(r"[/、,，;；|\n]|或者?|和")


@lru_cache(maxsize=4096)
def parse_phone(text: str) -> str:
    """One number as `+8613812345678` or `+8651262850917;ext=123`.

    Raises Unreadable with what is wrong: a digit missing, the area code missing, a letter inside.
    """
    plain = _LABEL.sub("", _DASHES.sub("-", fold(text)))
    plain = _NOTE.sub("", plain)
    number, extension = _split_extension(plain)
    found = _recognise(number)
    if found is None and not extension and (match := _DASHED_EXTENSION.match(number)):
        found, extension = _recognise(match[1]), match[2]
        if found is not None and _MOBILE.fullmatch(found[3:]):
            found = None  # a mobile number has no dashed extension: that is a digit too many
    if found is None:
        raise Unreadable(fault_of(text, number))
    return f"{found};ext={extension}" if extension else found


def parse_phones(text: str) -> list[str]:
    """All numbers of one cell, in their order, without repeats; at least one, or Unreadable.

    A number without area code takes that of the landline before it (0512-62850917/62850918).
    """
    if len(text) > _LONGEST_CELL:
        raise Unreadable(_("这一格不像电话号码，请只写号码，多个用顿号隔开"))
    try:
        return [parse_phone(text)]
    except Unreadable as refusal:
        pieces = [piece for piece in _BETWEEN.split(fold(text)) if piece.strip()]
        if not pieces:
            raise
        whole = refusal
    found: list[str] = []
    for piece in pieces:
        for number in _parse_piece(piece, found[-1] if found else "", whole if len(pieces) == 1 else None):
            if number not in found:
                found.append(number)
    return found


def _parse_piece(piece: str, before: str, refusal: Unreadable | None) -> list[str]:
    """Numbers of a piece in which only spaces can separate them."""
    words, numbers = piece.split(), []
    while words:
        for end in range(len(words), 0, -1):
            number = _parse_or_none(" ".join(words[:end]), before)
            if number:
                break
        else:
            raise refusal or _named(piece)
        numbers.append(number)
        words, before = words[end:], number
    return numbers


def _parse_or_none(text: str, before: str) -> str | None:
    try:
        return parse_phone(text)
    except Unreadable:
        digits = _PUNCTUATION.sub("", text)
        if before.startswith("+86") and digits.isdigit() and len(digits) in (7, 8):
            return _landline("0" + before[3 : 3 + _area_length(before[3:])] + digits)
        return None


def _named(piece: str) -> Unreadable:
    """The refusal of one of several numbers, which says which one it is."""
    try:
        parse_phone(piece)
    except Unreadable as refusal:
        return Unreadable(_("“%(piece)s”：%(fault)s") % {"piece": piece.strip(), "fault": refusal.message})
    return Unreadable(_("“%(piece)s”不是电话号码") % {"piece": piece.strip()})


def _split_extension(text: str) -> tuple[str, str]:
    match = _EXTENSION.search(text)
    return (text[: match.start()], match[1]) if match else (text, "")


def _recognise(text: str) -> str | None:
    """E.164 of a number without extension, None if it is none."""
    digits = _PUNCTUATION.sub("", text)
    if digits.endswith("0") and re.fullmatch(r"\s*\d{11}\.0", text):
        digits = digits[:-1]  # a number cell read as a fraction
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+86"):
        digits = digits[3:]
    elif digits.startswith("+"):
        return _foreign(digits)
    if not (digits.isascii() and digits.isdigit()):
        return None
    return _mainland(digits) or (_mainland(digits[2:]) if digits.startswith("86") else None)


def _mainland(digits: str) -> str | None:
    bare = digits.removeprefix("0")
    if _MOBILE.fullmatch(bare) or _HOTLINE.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return "+86" + bare
    return _landline(digits)


def _landline(digits: str) -> str | None:
    """A landline with its area code; the leading 0 may have been lost in a spreadsheet."""
    bare = digits.lstrip("0")
    if not 9 <= len(bare) <= 11 or re.match("1[3-9]", bare):
        return None
    number = phonenumbers.PhoneNumber(country_code=86, national_number=int(bare))
    return "+86" + bare if phonenumbers.is_valid_number(number) else None


def _foreign(digits: str) -> str | None:
    try:
        number = phonenumbers.parse(digits)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _area_length(bare: str) -> int:
    """Digits of the area code without its 0: 10 and 2x have two, all others three."""
    return 2 if bare.startswith(("10", "2")) else 3


@lru_cache(maxsize=16384)
def format_phone(e164: str) -> str:
    """The Chinese way: 138 1234 5678, 0512-6285 0917 转 123, 400-123-4567; foreign ones internationally."""
    number, _mark, extension = e164.partition(";ext=")
    shown = _format_mainland(number[3:]) if number.startswith("+86") else _format_foreign(number)
    return f"{shown} 转 {extension}" if extension else shown


def _format_mainland(bare: str) -> str:
    if _MOBILE.fullmatch(bare):
        return f"{bare[:3]} {bare[3:7]} {bare[7:]}"
    if _HOTLINE.fullmatch(bare):
        return f"{bare[:3]}-{bare[3:6]}-{bare[6:]}"
    if len(bare) < 9:
        return bare
    area = _area_length(bare)
    return f"0{bare[:area]}-{bare[area:-4]} {bare[-4:]}"


def _format_foreign(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def mask_phone(e164: str) -> str:
    """The number with its middle hidden, without extension: 138****1234, 0512-****0917."""
    number = e164.partition(";ext=")[0]
    bare = number.removeprefix("+86")
    if bare is number or len(bare) < 9:
        return bare[:-4][:4] + "****" + bare[-4:] if len(bare) > 8 else bare[:2] + "***"
    if _MOBILE.fullmatch(bare):
        return f"{bare[:3]}****{bare[-4:]}"
    if _HOTLINE.fullmatch(bare):
        return f"{bare[:3]}-***-{bare[-4:]}"
    return f"0{bare[: _area_length(bare)]}-****{bare[-4:]}"
