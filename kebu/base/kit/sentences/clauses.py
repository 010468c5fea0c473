"""A sentence cut into clauses: at its punctuation, and where it has none, before a day or whoever acts next."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kebu.base.kit.sentences.moments import Moment

MARKS = re.compile(r"[，,。；;！!？?\n]+|(?<![a-zA-Z0-9])\s+|\s+(?![a-zA-Z0-9])")
CALLED = (
    "总监|总工|总|经理|工|主任|姐|哥|老师|董|科长|处长|部长|厂长|院长|校长|书记|老板|先生|女士|主管|会计|秘书"
)
THEM = rf"(?:他们|她们|他|她|对方|客户|甲方|人家|[一-龥](?:{CALLED})|[老小][一-龥]|财务|采购|技术|法务|领导|老板|总部|集团|那边)"
US = r"(?:我们这边|我们|我方|咱们|我这边|我|俺)"
LEAD = re.compile(
    r"(?:然后|并且|而且|同时|另外|还有|所以|最后|结果|那就|那|就|但是|但|不过|接着|再就是|准备|打算|计划|下一步|接下来|后续)*"
    rf"(?:(?:{THEM}(?:方|那边|这边|们)?|{US})(?:也|都|就|又|还|已经|已)?)?"
    r"(?:说好了?|说是|说|表示|讲|回复|答应了?|承诺了?|同意|保证|约好了?|约了|约定|约|定在|定于|定了|要求|要|让|叫|请|希望|争取|预计|大概|应该|可能|计划|准备|打算|会|等|务必"
    r"|必须|最晚|最迟|需要|得|催|改到|推到|推迟到|延到|延期到|改成|改约|安排|尽量|提醒|记得|承诺)*"
    rf"(?:{US}|{THEM})?(?:要|会|在|于|到|就|也|得|最晚|最迟|大概|争取|务必|必须|尽量|给)*$"
)


SPEAKER = re.compile(
    rf"(?<![跟和向给与同请示])(?:{THEM})(?:们|方|那边|这边)?[^，,。；;]{{0,6}}?(?:说好|说(?!明书)|表示|答应|承诺|保证|同意|安排|回复)"
)
REACH = 24


@dataclass(frozen=True, slots=True)
class Clause:
    """One piece of the text, from ``start``, and the moments named in it.

    ``written`` is the text with names as they were written; in ``text`` people of the customer are called
    客户, as long as their names: what the rules look at.
    """

    start: int
    text: str
    written: str
    moments: list[Moment] = field(default_factory=list)

    @property
    def bare(self) -> str:
        """The text without the words of its moments."""
        return self._without(self.text)

    @property
    def bare_written(self) -> str:
        return self._without(self.written)

    def _without(self, text: str) -> str:
        for moment in reversed(self.moments):
            text = text[: moment.start - self.start] + text[moment.end - self.start :]
        return text


def nameless(text: str, names: Sequence[str]) -> str:
    """The text with each name replaced by a word of the same length that means the customer."""
    for name in names:
        if 2 <= len(name) <= 4:
            text = text.replace(name, {2: "对方", 3: "客户方", 4: "客户那边"}[len(name)])
    return text


def clauses_of(written: str, moments: Sequence[Moment], names: Sequence[str] = ()) -> list[Clause]:
    """The clauses in order; a moment is never cut."""
    text = nameless(written, names)
    cuts = {0}
    for match in MARKS.finditer(text):
        if not any(moment.start < match.end() and match.start() < moment.end for moment in moments):
            cuts.add(match.end())
    for moment in moments:
        cuts.add(_before(text, moment, max(cut for cut in cuts if cut <= moment.start)))
    edges = sorted(cuts | {len(text)})
    found = []
    for start, end in itertools.pairwise(edges):
        inside = [moment for moment in moments if start <= moment.start < end]
        if text[start:end].strip():
            found.append(Clause(start, text[start:end], written[start:end], inside))
    return found


def _before(text: str, moment: Moment, begin: int) -> int:
    """Where the clause of a moment begins: before who acts and what he said of it. Two characters are none."""
    if moment.start - begin < 4:
        return begin
    lead = LEAD.search(text[begin : moment.start])
    place = begin + lead.start() if lead else moment.start
    spoken = text[max(begin, place - REACH) : moment.start]
    speakers = list(SPEAKER.finditer(spoken))
    if speakers and not re.search(US, spoken[speakers[-1].end() :]):
        place = moment.start - len(spoken) + speakers[-1].start()
    return begin if place - begin < 2 else place
