"""What a verification found, in words."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

MOST = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: its kind, the place in the chain, the entry's number, a sentence."""

    kind: str
    seq: int | None
    id: int | None
    text: str


@dataclass(slots=True)
class Report:
    """How many entries were read, and what is wrong; of many findings the first hundred are kept."""

    checked: int = 0
    last_seq: int = 0
    waiting: int = 0
    seconds: float = 0.0
    unlisted: int = 0
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        """Nothing is wrong."""
        return not self.counts

    @property
    def found(self) -> int:
        """How many things are wrong."""
        return sum(self.counts.values())

    def add(self, kind: str, seq: int | None, pk: int | None, text: str, count: int = 1) -> None:
        """Note something that is wrong."""
        self.counts[kind] += count
        if len(self.findings) < MOST:
            self.findings.append(Finding(kind, seq, pk, text))
        else:
            self.unlisted += count

    def changed(self, seq: int, pk: int, *, is_value: bool) -> None:
        what = _("对象名称或变更内容") if is_value else _("时间、操作人、动作等")
        self.add("changed", seq, pk, _("第%(seq)d条（编号%(id)d）被改过：%(what)s和封印对不上") % {
            "seq": seq, "id": pk, "what": what,
        })  # fmt: skip

    def others(self, seq: int, pk: int, count: int) -> None:
        text = _("从第%(seq)d条（编号%(id)d）起还有%(count)d条和封印对不上：改过，或者位置变了")
        self.add("changed", seq, pk, text % {"seq": seq, "id": pk, "count": count}, count)

    def blanked(self, seq: int, pk: int) -> None:
        text = _("第%(seq)d条（编号%(id)d）的内容被抹掉了，日志里没有清除它的记录")
        self.add("changed", seq, pk, text % {"seq": seq, "id": pk})

    def inserted(self, seq: int | None, pk: int) -> None:
        place = _("第%(seq)d条") % {"seq": seq} if seq is not None else _("没有序号的一条")
        self.add("inserted", seq, pk, _("%(place)s（编号%(id)d）是后来插进去的") % {"place": place, "id": pk})

    def moved(self, seq: int, pk: int, origin: int) -> None:
        text = _("第%(seq)d条（编号%(id)d）换过位置：原来是第%(origin)d条")
        self.add("moved", seq, pk, text % {"seq": seq, "id": pk, "origin": origin})

    def missing(self, first: int, last: int) -> None:
        place = _("第%(first)d条") if first == last else _("第%(first)d到%(last)d条")
        self.add("removed", first, None, _("缺了%(place)s，共%(count)d条") % {
            "place": place % {"first": first, "last": last}, "count": last - first + 1,
        })  # fmt: skip

    def tail(self, first: int, last: int) -> None:
        text = _("末尾被截掉了：第%(first)d到%(last)d条不见了，共%(count)d条")
        self.add("tail", first, None, text % {"first": first, "last": last, "count": last - first + 1})

    def head(self, text: str) -> None:
        self.add("head", None, None, text)

    def in_words(self) -> list[str]:
        """The report, line by line."""
        count = {"count": f"{self.checked:,}", "seconds": f"{self.seconds:.1f}"}
        lines = [_("校验了%(count)s条，用时%(seconds)s秒") % count]
        if self.waiting:
            lines.append(_("另有%(count)d条刚写下，还没有排进链里") % {"count": self.waiting})
        if self.is_clean:
            return [*lines, _("没有发现改动：没有被改、被删、被插入或换序，末尾完整")]
        lines.append(_("发现%(count)d处不对：") % {"count": self.found})
        lines += [f"  {finding.text}" for finding in self.findings]
        left = self.unlisted
        return [*lines, *([_("  还有%(count)d处没有列出") % {"count": left}] if left else [])]

    def data(self) -> dict[str, Any]:
        """The report for a program."""
        return {
            "clean": self.is_clean,
            "checked": self.checked,
            "last_seq": self.last_seq,
            "waiting": self.waiting,
            "seconds": round(self.seconds, 2),
            "counts": dict(self.counts),
            "findings": [asdict(finding) for finding in self.findings],
        }
