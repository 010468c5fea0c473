"""Read one sentence about a contact: 昨天下午拜访张总，预算20万，下周三前发报价."""

import datetime as dt
import re
from dataclasses import dataclass, field, replace

from kebu.base.kit.dates import SHANGHAI
from kebu.base.kit.sentences import roles
from kebu.base.kit.sentences.amounts import budget_in
from kebu.base.kit.sentences.clauses import Clause, clauses_of
from kebu.base.kit.sentences.lexicon import Lexicon, Promised, Reading
from kebu.base.kit.sentences.methods import method_in
from kebu.base.kit.sentences.moments import Moment, moments_in
from kebu.base.kit.sentences.people import contact_in, stranger_in
from kebu.base.kit.text import fold

LONGEST = 600
_GAPS = re.compile(r"(?<=[\da-zA-Z])\s+(?=[一-龥%])|(?<=[一-龥])\s+(?=\d+(?:\.\d+)?\s*[万亿wWkK元点号月日])")
_NOT_WANTED = re.compile(
    r"(?:不需要|不用|不要|没有?用|不考虑|不感兴趣|没兴趣|不买|不做|暂不|取消|不上)[^，,。；;]{0,4}$"
)
_NOT_WANTED_BEHIND = re.compile(
    r"^[^，,。；;]{0,4}(?:不需要|不用|不要|不考虑|不感兴趣|没兴趣|没需求|没有需求|没有兴趣|先不|暂不|不行)"
)
PART_ENDS = {9: 10, 8: 10, 10: 12, 12: 14, 14: 18, 15: 18, 18: 20, 19: 24, 21: 24, 1: 6}


def read_sentence(text: str, now: dt.datetime, lexicon: Lexicon) -> Reading:
    """What the sentence says, as far as rules tell; ``now`` is when it is written."""
    plain = _GAPS.sub("", fold(text[:LONGEST]))
    now = now.astimezone(SHANGHAI)
    moments = moments_in(plain, now)
    clauses = clauses_of(plain, moments, [person.name for person in lexicon.people])
    reading = Reading(contact=contact_in(plain, lexicon.people), budget=budget_in(plain)[0])
    reading.stranger = "" if reading.contact is not None else stranger_in(plain)
    coming = _tell(clauses, now, reading)
    told = "，".join(clause.text for clause in clauses if clause.start not in coming)
    reading.method = method_in(told) or _as_headline(plain)
    reading.products = [key for word, key in lexicon.products if _is_wanted(plain, word)]
    return reading


def _as_headline(text: str) -> str:
    """电话，明天再去: a way alone at the beginning is how it was done, whatever follows."""
    return method_in(text[:4])


@dataclass(slots=True)
class _Course:
    """How far the clauses have been told: where those begin that tell of what is to come, the day of which
    the customer spoke, and whether the step so far gives way to a better one."""

    coming: set[int] = field(default_factory=set)
    said: Moment | None = None
    is_state: bool = False
    is_today: bool = False

    def yields(self, clause: Clause, ahead: Moment, first: dt.date | None) -> bool:
        """What is so on a day gives way to what somebody does; what was for today to what is for later."""
        is_later = first is not None and ahead.day > first
        if self.is_state and not roles.STATE.match(roles.step_words(clause)):
            return True
        return is_later and (self.is_state or self.is_today)


def _tell(clauses: list[Clause], now: dt.datetime, reading: Reading) -> set[int]:
    """Give each clause its part in the reading; where clauses begin that tell of what is to come."""
    course = _Course()
    for place, clause in enumerate(clauses):
        if roles.CORRECTED.search(clause.text):
            _forget(reading)
        ahead = _ahead(clause, now, reading)
        if roles.NOTHING.search(clause.text):
            continue
        if _is_promise(clause, ahead, reading):
            course.coming.add(clause.start)
        elif ahead is not None:
            _plan(clause, ahead, clauses[place + 1 :], now, course, reading)
            course.coming.add(clause.start)
        elif not clause.moments and (match := roles.NEXT.match(clause.text.strip())):
            reading.next_step = reading.next_step or roles.tidied(match["what"])
            course.coming.add(clause.start)
    if reading.next_on is None and reading.ours and reading.ours.due_on:
        reading.next_on = reading.ours.due_on
        reading.next_step = reading.next_step or reading.ours.text
    if reading.next_on is None and course.said is not None and reading.theirs is None:
        reading.next_on, reading.next_time = course.said.day, course.said.time
    return course.coming


def _forget(reading: Reading) -> None:
    """说错了: what was to come so far is not."""
    reading.next_on, reading.next_time, reading.next_step, reading.ours = None, None, "", None


def _plan(
    clause: Clause,
    ahead: Moment,
    following: list[Clause],
    now: dt.datetime,
    course: _Course,
    reading: Reading,
) -> None:
    """A clause with a day to come: what the customer says of it, or the next step."""
    is_theirs = roles.SAID.search(clause.text) and not roles.AGAIN.search(roles.step_words(clause))
    if is_theirs or roles.EXPECTED.match(clause.bare):
        course.said = course.said or ahead  # no step of ours
        return
    if course.yields(clause, ahead, reading.next_on):
        reading.next_on, reading.next_time, reading.next_step = None, None, ""
    if reading.next_on is not None:
        return
    _take_step(clause, ahead, reading)
    course.is_state = bool(roles.STATE.match(reading.next_step)) or "截止" in clause.text
    course.is_today = ahead.day == now.date() and ahead.time is None and not ahead.is_limit
    reading.next_step = reading.next_step or _said_behind(clause, following)


def _ahead(clause: Clause, now: dt.datetime, reading: Reading) -> Moment | None:
    """The moment of the clause that is still to come; what has gone by is when it happened."""
    ahead = None
    for moment in clause.moments:
        before = clause.text[: moment.start - clause.start]
        if roles.MOVED.search(before):
            ahead = moment
        if moment.is_vague or roles.MOVED.search(before) or roles.FORMER.search(before):
            continue
        if _is_over(clause, moment, now):
            behind = clause.text[moment.end - clause.start :]
            if reading.happened_on is None and not moment.is_limit and _is_told(clause, behind):
                reading.happened_on, reading.happened_time = moment.before or moment.day, moment.time
        elif ahead is None:
            ahead = moment
    if ahead and ahead.is_part and ahead.time and ahead.day == now.date() and ahead.time <= now.time():
        ahead = replace(ahead, time=None)  # the afternoon is under way
    return ahead


def _is_told(clause: Clause, behind: str) -> bool:
    """Whether a day gone by is the talk's own, not that of something named or said there."""
    if roles.NOUN.match(behind) or re.search("没空|没时间|不方便", clause.text):
        return False
    return not roles.SAID.search(clause.text) or roles.has_happened(clause)


def _is_over(clause: Clause, moment: Moment, now: dt.datetime) -> bool:
    """Whether a moment has gone by: by its day, by its hour, else by what the clause says."""
    if moment.day < now.date():
        return True
    if moment.before is None and moment.day > now.date():
        return False
    if moment.day == now.date() and (moment.before is None or moment.before == moment.day):
        if moment.is_limit:
            return False
        if moment.is_part and moment.time is not None and PART_ENDS[moment.time.hour] > now.hour:
            return moment.time <= now.time() and roles.has_happened(clause)
        if moment.time is not None:
            return moment.time <= now.time() and not (
                roles.FUTURE.search(clause.bare) and moment.time.hour > now.hour - 1
            )
        return not roles.FUTURE.search(roles.MET.sub("", clause.bare)) or roles.has_happened(clause)
    return not moment.is_limit and roles.has_happened(clause)


def _is_promise(clause: Clause, ahead: Moment | None, reading: Reading) -> bool:
    """Take a promise from the clause, theirs before ours; without a day only what is called one."""
    day = ahead.day if ahead else None
    if ahead is None and (clause.moments or not re.search(f"{roles.PROMISE}|{roles.AGREED}", clause.text)):
        return False
    if roles.is_theirs(clause.text):
        words = roles.their_words(clause)
        if roles.DECIDES.match(words) and not re.search(roles.PROMISE, clause.text):
            return False  # he will decide, we do not know what: a day to ask again
        if words and reading.theirs is None:
            reading.theirs = Promised(words, day)
        return True
    if roles.is_ours(clause.text):
        words = roles.our_words(clause)
        if words and reading.ours is None:
            reading.ours = Promised(words, day)
            if ahead and reading.next_on is None:
                reading.next_on, reading.next_time = ahead.day, ahead.time
                reading.next_step = reading.next_step or words
        return True
    return False


def _said_behind(clause: Clause, following: list[Clause]) -> str:
    """A day alone, with what is to be done in the next clause: 下周二下午3点前，给李经理发合同."""
    if not following or following[0].moments or roles.tidied(clause.bare):
        return ""
    text = following[0].text
    is_other = roles.PAST.search(text) or roles.SAID.search(text) or roles.NOTHING.search(text)
    return "" if is_other else roles.step_words(following[0])


def _take_step(clause: Clause, ahead: Moment, reading: Reading) -> None:
    """What comes next, and when."""
    reading.next_on, reading.next_time = ahead.day, ahead.time
    before = clause.text[: ahead.start - clause.start]
    if roles.MOVED.search(before):
        words = roles.tidied(clause.written[ahead.end - clause.start :])
    else:
        words = roles.step_words(clause)
    reading.next_step = reading.next_step or words


def _is_wanted(text: str, word: str) -> bool:
    """Whether a known word is named and not refused."""
    place = text.lower().find(word.lower())
    if place < 0 or len(word) < 2:
        return False
    before, behind = text[:place], text[place + len(word) :]
    return not (_NOT_WANTED.search(before) or _NOT_WANTED_BEHIND.match(behind))
