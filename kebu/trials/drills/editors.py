"""People who change the same customers at the same time and remember what was shown and what was said."""

import random
import time
from dataclasses import dataclass

from kebu.trials.drills.acknowledgements import Acknowledgements
from kebu.trials.site.browser import Answer, Browser
from kebu.trials.site.forms import read_form

FIELDS = ("remark", "need", "pain_points", "service_requirements", "main_business", "decision_chain")
LONGEST_THOUGHT = 0.05
REFUSED = 409


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
        address = (
            f"/customers/{customer}/edit/" if door == "form" else f"/customers/{customer}/field/{names[0]}/"
        )
        form = read_form(self.tab.get(address, fragment=door == "inline").text, "version")
        typed = {name: f"{name}-{serial:05d}" for name in names}
        time.sleep(self.chance.uniform(0, LONGEST_THOUGHT))
        answer = self.tab.post(address, form | typed, fragment=door == "inline")
        for name, value in typed.items():
            self.log.note(
                customer=customer,
                field=name,
                seen=form[name],
                typed=value,
                said=verdict_of(answer),
                status=answer.status,
                door=door,
                user=self.username,
            )


def verdict_of(answer: Answer) -> str:
    """accepted, refused (somebody else was faster, nothing written) or failed."""
    if answer.status < 400:
        return "accepted"
    return "refused" if answer.status == REFUSED else "failed"
