"""Readings of characters and of words that are read otherwise than their characters, without tones.

Taken from the data files of pypinyin without importing it: the package keeps 55 MB of lists in memory, the
few thousand words whose reading cannot be told from their characters take 1 MB.
"""

import json
import re
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from kebu.base.kit.pinyin_names import CHARACTERS, PHRASES

_TONES = str.maketrans(
    "āáǎàēéěèếềōóǒòīíǐìūúǔùǖǘǚǜüńňǹḿ",
    "aaaaeeeeeeooooiiiiuuuuvvvvvnnnm",
    "\u0300\u0301\u0304\u030c\n ",
)
_PHRASE = re.compile(r'"([\u3400-\u9fff]{2,4})":\[\[(.*?)\]\]')


class PinyinTable(NamedTuple):
    """`characters`: the commonest reading of each; `phrases`: readings of words of 2 to 4 characters;
    `longest`: how long the longest phrase is that begins with a character."""

    characters: dict[str, str]
    phrases: dict[str, tuple[str, ...]]
    longest: dict[str, int]


@cache
def pinyin_table() -> PinyinTable:
    """The table, read once at first use (about 0.2 s)."""
    spec = find_spec("pypinyin")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pypinyin")
    folder = Path(spec.origin).parent
    characters = _characters(folder / "pinyin_dict.json") | CHARACTERS
    phrases = _phrases(folder / "phrases_dict.json", characters)
    longest: dict[str, int] = {}
    for words in phrases:
        longest[words[0]] = max(len(words), longest.get(words[0], 0))
    return PinyinTable(characters, phrases, longest)


def _characters(path: Path) -> dict[str, str]:
    readings = json.loads(path.read_text("utf-8").translate(_TONES))
    return {chr(int(code)): sys.intern(read.partition(",")[0]) for code, read in readings.items()}


def _phrases(path: Path, characters: dict[str, str]) -> dict[str, tuple[str, ...]]:
    phrases: dict[str, tuple[str, ...]] = {}
    for words, told in _PHRASE.findall(path.read_text("utf-8").translate(_TONES)):
        usual = '"],["'.join([characters.get(word, "") for word in words])
        if told == f'"{usual}"':
            continue  # most are read as their characters are
        read = [part.strip('"').partition('","')[0] for part in told.split("],[")]
        if len(read) == len(words) and read != [characters.get(word) for word in words]:
            phrases[words] = tuple(map(sys.intern, read))
    return phrases | {words: tuple(read.split()) for words, read in PHRASES.items()}
