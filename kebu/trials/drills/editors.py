"""People who change the same customers at the same time and remember what was shown and what was said."""

import random
import time
from dataclasses import dataclass

from kebu.trials.drills.acknowledgements import Acknowledgements
from kebu.trials.site.browser import Answer, Browser
from kebu.trials.site.forms import read_form

FIELDS = ("remark", "need", "pain_points", "service_requirements", "main_business", "decision_chain")
SHORT = frozenset({"main_business", "decision_chain"})  # a slip of the hand can be too long for them
SLIPS, STUBBORN = 0.2, 0.5
LONGEST_THOUGHT = 0.05
INVALID, CONFLICT = 422, 409
KEEP = "keep-"


@dataclass(slots=True)
class Editor:
    """One open tab. Every value typed is new, so the journal tells exactly which edits came through."""

    tab: Browser
    username: str
    chance: random.Random
    log: Acknowledgements

    def edit(self, customer: str, serial: int) -> None:
        """Change one or two fields of the customer through one of the doors."""
        door = self.chance.choice(("form", "inline", "inline"))
        names = self.chance.sample(FIELDS, 1 if door == "inline" else self.chance.choice((1, 2)))
        path = f"/customers/{customer}/" + ("edit/" if door == "form" else f"field/{names[0]}/")
        form = read_form(self.tab.get(path, fragment=True).text, "version")
        shown = {name: form[name] for name in names}
        typed = {name: f"{name}-{serial:05d}" for name in names}
        slips = {name: "长" * 201 for name in SHORT & set(names) if self.chance.random() < SLIPS}
        if slips and (answer := self.send(path, form | typed | slips)).status == INVALID:
            form, door = read_form(answer.text, "version"), f"{door} corrected"
        answer = self.send(path, form | typed)
        if answer.status == CONFLICT and self.chance.random() < STUBBORN:
            form, door = read_form(answer.text, "version"), f"{door} decided"
            shown = {}
            answer = self.send(path, form | typed)
        for name, value in typed.items():
            seen = int(form["seen"] if form.get(KEEP + name) == "mine" else form["version"])
            fact = {"customer": customer, "field": name, "typed": value, "seen": seen, "user": self.username}
            self.log.note(**fact, shown=shown.get(name), said=said(answer), status=answer.status, door=door)

    def send(self, path: str, form: dict[str, str]) -> Answer:
        """Think for a moment, then press save."""
        time.sleep(self.chance.uniform(0, LONGEST_THOUGHT))
        return self.tab.post(path, form, fragment=True)


def said(answer: Answer) -> str:
    """accepted, refused (somebody else was faster, nothing written) or failed."""
    if answer.status < 400:
        return "accepted"
    return "refused" if answer.status == CONFLICT else "failed"
