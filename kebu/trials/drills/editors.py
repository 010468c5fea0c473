"""People who change the same customers at the same time and remember what was shown and what was said."""

import random
import time
from dataclasses import dataclass, field

from kebu.trials.drills.acknowledgements import Acknowledgements
from kebu.trials.site.browser import Answer, Browser
from kebu.trials.site.forms import read_form

FIELDS = ("remark", "need", "pain_points", "service_requirements", "main_business", "decision_chain")
SHORT = frozenset({"main_business", "decision_chain"})  # a slip of the hand can be too long for them
SLIPS, STUBBORN, YIELDING = 0.2, 0.7, 0.4
LONGEST_THOUGHT = 0.05
INVALID, CONFLICT = 422, 409
KEEP = "keep-"


@dataclass(slots=True)
class Try:
    """One edit under way: the form as it stands, what is typed into it, and what was given up."""

    path: str
    door: str
    form: dict[str, str]
    typed: dict[str, str]
    yielded: set[str] = field(default_factory=set)
    is_kept: bool = True


@dataclass(slots=True)
class Editor:
    """One open tab. Every value typed is new, so the journal tells exactly which edits came through."""

    tab: Browser
    username: str
    chance: random.Random
    log: Acknowledgements

    def edit(self, customer: str, serial: int) -> None:
        """Change one or two fields of the customer through one of the doors; note each field's fate."""
        one, shown = self._begin(customer, serial)
        self._slip(one)
        answer = self._send(one, one.form | one.typed)
        while answer.status == CONFLICT and self.chance.random() < STUBBORN:
            answer, shown = self._decide(one, answer), {}
        for name, value in one.typed.items():
            fate = "yielded" if name in one.yielded else said(answer)
            fact = {"customer": customer, "field": name, "typed": value, "seen": int(one.form["version"])}
            notes = {"shown": shown.get(name), "said": fate, "status": answer.status, "is_kept": one.is_kept}
            self.log.note(**fact, **notes, door=one.door, user=self.username)

    def _begin(self, customer: str, serial: int) -> tuple[Try, dict[str, str]]:
        """Open a form; returns it with what it showed of the fields to change."""
        door = self.chance.choice(("form", "inline", "inline"))
        names = self.chance.sample(FIELDS, 1 if door == "inline" else self.chance.choice((1, 2, 3)))
        path = f"/customers/{customer}/" + ("edit/" if door == "form" else f"field/{names[0]}/")
        form = read_form(self.tab.get(path, fragment=True).text, "version")
        typed = {name: f"{name}-{serial:05d}" for name in names}
        return Try(path, door, form, typed), {name: form[name] for name in names}

    def _slip(self, one: Try) -> None:
        """Now and then type too much first, and get the form back to correct it."""
        slips = {name: "长" * 201 for name in SHORT & set(one.typed) if self.chance.random() < SLIPS}
        if slips and (answer := self._send(one, one.form | one.typed | slips)).status == INVALID:
            one.form, one.door = read_form(answer.text, "version"), f"{one.door} corrected"

    def _decide(self, one: Try, answer: Answer) -> Answer:
        """Choose mine or theirs for each field that collided, and press save on the form as it came back."""
        one.form, one.door = read_form(answer.text, "version"), f"{one.door.removesuffix(' decided')} decided"
        mine = {name: value for name, value in one.typed.items() if name not in one.yielded}
        one.is_kept = one.is_kept and mine.items() <= one.form.items()
        collided = [name for name in mine if KEEP + name in one.form]
        one.yielded |= {name for name in collided if self.chance.random() < YIELDING}
        return self._send(one, one.form | {KEEP + name: "now" for name in collided if name in one.yielded})

    def _send(self, one: Try, form: dict[str, str]) -> Answer:
        """Think for a moment, then press save."""
        time.sleep(self.chance.uniform(0, LONGEST_THOUGHT))
        return self.tab.post(one.path, form, fragment=True)


def said(answer: Answer) -> str:
    """accepted, refused (somebody else was faster, nothing written) or failed."""
    if answer.status < 400:
        return "accepted"
    return "refused" if answer.status == CONFLICT else "failed"
