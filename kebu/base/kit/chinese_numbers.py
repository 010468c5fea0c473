"""Numbers written in Chinese words (三十, 十二, 两百五) turned into digits inside a text."""

import re

_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_WORDS = re.compile("[零〇一二两三四五六七八九十百千]*[零〇一二两三四五六七八九十][十百千]?(?![十百千])")


def number_of_words(words: str) -> int:
    """三百二十 is 320, 十二 is 12, 两百五 is 250, 二〇二四 is 2024."""
    if not set(words) & set(_TENS):
        return int("".join(str(_DIGITS[word]) for word in words))
    total, digit, last_scale = 0, 0, 10
    for word in words:
        if word in _TENS:
            last_scale = _TENS[word]
            total += (digit or 1) * last_scale
            digit = 0
        else:
            digit = _DIGITS[word]
            last_scale = 10 if word in "零〇" else last_scale
    return total + digit * (last_scale // 10 if last_scale > 10 else 1)


def digits_for_words(text: str) -> str:
    """The text with every number in words replaced by its digits; 百万 and 千万 after digits stay units."""
    if text.isascii() or not _WORDS.search(text):
        return text
    return _WORDS.sub(_replace, text)


def _replace(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1] if match.start() else ""
    if before.isdigit() or before == ".":
        return match[0]  # 5百万, 3十万: a unit, not a number
    return str(number_of_words(match[0]))
