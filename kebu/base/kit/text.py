"""Folding of the widths, spaces and invisible characters that come with pasted and typed text."""

import re
import unicodedata

_HAN = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_OR_PUNCTUATION = _HAN + "\u3001-\u3004\u3008-\u301f\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
# Wide letters, digits and signs, and the look-alike radicals that PDFs leave behind; the punctuation of
# Chinese prose (，：；！？（）、。) is in its place and stays wide.
_WIDE = re.compile(
    "[\u2e80-\u2fdf\uf900-\ufaff\uff02-\uff07\uff0a\uff0b\uff0d-\uff19\uff1c-\uff1e\uff20-\uff5d\uff61-\uffee]+"
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INNER_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_HAN_GAP = re.compile(f"(?<=[{_HAN_OR_PUNCTUATION}]) (?=[{_HAN_OR_PUNCTUATION}])")
_HAN_CHARACTER = re.compile(f"[{_HAN}]")


def fold(text: str) -> str:
    """NFKC with invisible characters and outer spaces removed: the form all parsers work on.

    Case and inner spaces stay, a parser may need them. `fields.directories.fold` compares spellings, where
    they do not count; `search.entries.fold` is what the index keeps.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return _CONTROL.sub("", text).strip()


def tidy(text: str, multiline: bool = False) -> str:
    """The text as it should be kept.

    Wide letters and digits become narrow, invisible characters go, runs of spaces become one, and in
    one-line texts spaces between two Chinese characters go too (张 伟 is 张伟). With `multiline` line ends
    are kept, and so are single spaces between Chinese words: in prose they separate.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
        text = _WIDE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    if multiline:
        return _tidy_lines(text)
    text = _SPACES.sub(" ", _CONTROL.sub("", text)).strip()
    return _HAN_GAP.sub("", text) if " " in text else text


def _tidy_lines(text: str) -> str:
    text = _CONTROL.sub("", _LINE_ENDS.sub("\n", text))
    lines = (_INNER_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def is_han(character: str) -> bool:
    """Whether this one character is a Chinese one."""
    return "\u4e00" <= character <= "\u9fff" or _HAN_CHARACTER.match(character) is not None


def counted(number: int) -> str:
    """一 to 十 in words, higher numbers in digits: for 少一位 and the like."""
    return "零一二三四五六七八九十"[number] if 0 <= number <= 10 else str(number)


def is_key(text: str) -> bool:
    """Whether a text can be the key of a record: a number that a database keeps."""
    return text.isascii() and text.isdigit() and len(text) < 19


def whole_number(text: str) -> int | None:
    """Return a small whole number sent by a form (a version, a place), or None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
