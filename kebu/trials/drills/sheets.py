"""Spreadsheets whose outcome is known row by row."""

import csv
import io
import random
from dataclasses import dataclass

HEAD = ("客户公司名称", "联系方式", "关键决策人", "职位", "所属行业", "来源", "首次接触日期")
PEOPLE = ("王磊", "李静", "张伟", "刘洋", "陈晨")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A csv file, the names that must come out of it, and how many rows must not."""

    content: bytes
    names: frozenset[str]
    rejected: int
    repeated: int

    @property
    def rows(self) -> int:
        return len(self.names) + self.rejected + self.repeated


def sheet(prefix: str, series: int, rows: int, chance: random.Random) -> Sheet:
    """Mostly new customers; some rows repeat an earlier one, some lack the name."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    names: list[str] = []
    rejected = repeated = 0
    for number in range(rows):
        phone, lot = f"139{series % 1000:03d}{number:05d}", chance.random()
        day = f"2025/{chance.randint(1, 12)}/{chance.randint(1, 28)}"
        rest = (phone, chance.choice(PEOPLE), "采购经理", "通用设备制造", "展会", day)
        if names and lot < 0.05:
            repeated += 1
            writer.writerow((chance.choice(names), *rest))
        elif lot < 0.1:
            rejected += 1
            writer.writerow(("", *rest))
        else:
            names.append(f"{prefix}第{number:05d}号精密机械有限公司")
            writer.writerow((names[-1], *rest))
    return Sheet(out.getvalue().encode("utf-8-sig"), frozenset(names), rejected, repeated)
