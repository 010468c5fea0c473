"""Somebody who brings the same customers in from a spreadsheet, again and again, while others edit them."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass

from kebu.trials.drills.ground import Ground

COLUMNS = {"remark": "备注", "main_business": "主营业务"}


@dataclass(slots=True)
class Importer:
    """``customers`` maps a number to the name and phone by which the file names it."""

    ground: Ground
    username: str
    customers: Mapping[str, tuple[str, str]]

    def bring_in(self, serial: int) -> None:
        """Import one file that changes two fields of every customer; note what is said of each row."""
        typed = {
            number: {field: f"{field}-{serial:05d}-{number}" for field in COLUMNS}
            for number in self.customers
        }
        sheet, report = self.ground.site.folder / "update.csv", self.ground.site.folder / "update.jsonl"
        with sheet.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["客户公司名称", "联系方式", *COLUMNS.values()])
            writer.writerows([*self.customers[number], *values.values()] for number, values in typed.items())
        words = ("--as", self.username, "--duplicates", "update", "--report", str(report))
        self.ground.site.command("import", str(sheet), *words)
        outcomes = {line["name"]: line["outcome"] for line in map(json.loads, report.open(encoding="utf-8"))}
        for number, values in typed.items():
            said = "accepted" if outcomes.get(self.customers[number][0]) == "update" else "refused"
            for field, value in values.items():
                fact = {"customer": number, "field": field, "typed": value, "seen": None, "shown": None}
                notes = {"said": said, "status": None, "is_kept": True, "door": "import"}
                self.ground.log.note(**fact, **notes, user=self.username)
