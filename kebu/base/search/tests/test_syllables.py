"""The table of syllables knows every reading that names can have."""

from kebu.base.kit.pinyin import syllables
from kebu.base.search.syllables import SYLLABLES, cuts, plain

INTERJECTIONS = {"m", "n", "ng", "hm", "hng", "ê", "lo", "bia"}


def test_every_common_character_has_a_known_syllable() -> None:
    spoken = {
        plain(each) for code in range(0x4E00, 0x9FA6) for each in syllables(chr(code)) if each.isascii()
    }
    assert len(spoken) > 390
    assert spoken - SYLLABLES <= INTERJECTIONS


def test_cuts() -> None:
    assert cuts("zhangw") == (("zhang", "w"),)
    assert set(cuts("xian")) == {("xian",), ("xi", "an"), ("xi", "a", "n"), ("xia", "n")}
    assert cuts("ngwei") == ()
    assert len(cuts("xian" * 12)) == 16
