"""How well sentences are read: `python -m kebu.base.kit.tests.measuring` prints it, with what went wrong in
the two thirds that rules may be mended by; the last third is only counted."""

import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kebu.base.kit.dates import SHANGHAI
from kebu.base.kit.money import format_amount_range, parse_amount_range
from kebu.base.kit.sentences.lexicon import Lexicon, Person, Promised
from kebu.base.kit.sentences.reading import read_sentence

NOW = dt.datetime(2026, 11, 18, 16, tzinfo=SHANGHAI)
PEOPLE = (
    Person(1, "张伟", "总经理"), Person(2, "李强", "采购经理"), Person(3, "王芳", "财务主管"),
    Person(4, "陈建国", "技术工程师"), Person(5, "刘洋", "生产部长"), Person(6, "欧阳静", "行政主任"),
    Person(7, "赵敏", "市场总监"), Person(8, "周文", "董事长"),
)  # fmt: skip
WORDS = [
    "A产品",
    "传感器",
    "激光打标机",
    "数控机床",
    "定制化",
    "价格敏感",
    "高性价比",
    "技术支持",
    "培训",
    "售后服务",
]
LEXICON = Lexicon(PEOPLE, tuple((word, word) for word in WORDS))
FIELDS = {
    "m": "沟通方式",
    "c": "联系人",
    "at": "沟通时间",
    "b": "预算",
    "n": "下次跟进",
    "s": "下一步",
    "o": "我方承诺",
    "t": "客户承诺",
    "p": "产品和标签",
}
NAMES = {person.key: person.name for person in PEOPLE}


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence and what it says; ``is_held_out``: rules are not mended by it."""

    text: str
    said: dict[str, str]
    is_held_out: bool


def cases() -> Iterator[Case]:
    lines = (Path(__file__).parent / "data" / "sentences.txt").read_text().splitlines()
    for place, line in enumerate(line for line in lines if line and not line.startswith("#")):
        text, _arrow, told = line.rpartition("=>")
        said = dict(part.strip().split("=", 1) for part in told.split(";") if part.strip())
        yield Case(text.strip(), {key: _plain(key, value) for key, value in said.items()}, place % 3 == 2)


def _plain(key: str, text: str) -> str:
    if key == "b":
        return format_amount_range(parse_amount_range(text))
    return "、".join(sorted(text.split("、"))) if key == "p" else text.replace(" ", "T")


def read(text: str) -> dict[str, str]:
    """The reading in the words of the data file."""
    found = read_sentence(text, NOW, LEXICON)
    told = {
        "m": found.method,
        "c": NAMES.get(found.contact or 0, ""),
        "at": _moment(found.happened_on, found.happened_time),
        "b": format_amount_range(found.budget) if found.budget else "",
        "n": _moment(found.next_on, found.next_time),
        "s": found.next_step,
        "o": _promise(found.ours),
        "t": _promise(found.theirs),
        "p": "、".join(sorted(found.products)),
    }
    return {key: value.replace(" ", "") for key, value in told.items() if value}


def _moment(day: dt.date | None, time: dt.time | None) -> str:
    return "" if day is None else day.isoformat() + (f"T{time:%H:%M}" if time else "")


def _promise(told: Promised | None) -> str:
    return "" if told is None else told.text + (f"@{told.due_on.isoformat()}" if told.due_on else "")


@dataclass(slots=True)
class Score:
    """Of all sentences, and of those of which the field is told or read."""

    right: int = 0
    all: int = 0
    hit: int = 0
    told: int = 0

    @property
    def share(self) -> float:
        return self.right / self.all

    @property
    def strict(self) -> float:
        return self.hit / self.told if self.told else 1.0


def scores(*, held_out: bool) -> dict[str, Score]:
    """The score of each field."""
    found = {key: Score() for key in FIELDS}
    for case in (case for case in cases() if case.is_held_out is held_out):
        got = read(case.text)
        for key, score in found.items():
            is_right = got.get(key, "") == case.said.get(key, "")
            is_told = key in got or key in case.said
            score.all += 1
            score.right += is_right
            score.told += is_told
            score.hit += is_right and is_told
    return found


def main() -> None:
    """Print the table, and the mistakes of the two thirds."""
    for case in (case for case in cases() if not case.is_held_out and "-q" not in sys.argv):
        got = read(case.text)
        for key, label in FIELDS.items():
            if got.get(key, "") != case.said.get(key, ""):
                print(f"{case.text}\n    {label}：{case.said.get(key, '-')}，读成{got.get(key, '-')}")
    known, unknown = scores(held_out=False), scores(held_out=True)
    for key, label in FIELDS.items():
        one, other = known[key], unknown[key]
        print(
            f"{label}\t{one.share:.1%} ({one.hit}/{one.told})\t{other.share:.1%} ({other.hit}/{other.told})"
        )


if __name__ == "__main__":
    import django

    django.setup()
    main()
