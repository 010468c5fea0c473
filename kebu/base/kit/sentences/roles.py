"""What a clause is: something that happened, a promise of ours or of theirs, what comes next."""

import re
from dataclasses import replace

from kebu.base.kit.sentences.clauses import THEM, US, Clause

PAST = re.compile(
    r"[^除为得](?:了|过)(?!解|几|两|一?阵|些|段|程|来|去|于|渡|期|年|节)|刚(?:才|刚)?|已经?|上周|上个?月|回来了?$"
    r"|(?:打|通|发|见|聊|谈|去|来|到|约|吃|参加|拜访|沟通|联系|碰)(?:的|了|过)|碰到|遇到"
)
FUTURE = re.compile(
    r"再|要(?!求)|(?<![展年开约社协大学晚])会(?!议|上|员|计|展|面)|准备|打算|计划|安排|约好|约了|约定|约(?!的|过)|定在|定于|记得|别忘|提醒|需要|得(?!到|知|很)"
    r"|争取|预计|务必|必须|改到|推迟|下次|寄出|请|让|叫|给.{0,6}(?:发|寄|送|答复|报价)|发(?:给|她|他)"
)
PROMISE = r"(?:答应|承诺|保证(?!金)|允诺|应承|许诺|拍胸脯|打包票)"
AGREED = r"同意(?:签|付|打款|下单|先付)"
ASKED = re.compile(
    rf"(?:要求|要|让|叫|请|希望|催|想让|需要){US}(?!们?(?:再)?等|(?:再)?考虑)|{THEM}?催着?{US}|{THEM}(?:们|方|那边|这边)?(?:要求|催着?|希望)(?!{THEM})"
)
WHO = rf"(?<![跟和向给与同请示对]){THEM}"
SAID = re.compile(
    rf"{WHO}(?:们|方|那边|这边)?[^，,。；;]{{0,6}}?(?:{PROMISE}|同意|说|表示|回复|(?<![展年开约社协大学晚])会(?!议|展)|要(?!求)|能|可以|争取|预计|打算|准备|安排)"
)
THEIR_PROMISE = re.compile(rf"{WHO}(?:们|方|那边|这边)?.{{0,4}}(?:{PROMISE}|{AGREED})")
OUR_PROMISE = re.compile(rf"{PROMISE}|说好")
TO_US = re.compile(r"(?:给|发|寄|传|回|通知|告诉)(?:给)?(?:我|我们|咱们?)(?!们?去)")
THEIR_VERBS = re.compile(
    r"答复|回复|回话|回信|回音|消息|结果|付款|付(?:定金|首付|尾款|清|掉|.{0,4}款)|打款|汇款|转账|回款|结款|结清|打定金|打过来|安排(?:付|打|汇)|签(?:字|合同|约|回|下来|了)|盖(?:章|好)|回传"
    r"|确认|定下来|定方案|拍板|决定|下单|下订单|下采购|提供|给到?(?:我们|我|咱)|发(?:过来|来|给我|我)|寄(?:过来|来|给我|回)|传(?:过来|给我)|给.{0,4}(?:名单|数据|图纸|资料|清单|参数|反馈|意见|说法|准信|话)"
    r"|定(?=$|下|了)|下.{0,4}(?:订单|单)|回电话?|上会|过会|报批|批下来|审批|走完|走流程|内部讨论|开会(?:讨论|定|研究)|讨论|研究|评审|招标|开标|立项|验收|试用|试完|测试|参观|来(?:我们|咱们|公司|厂|看|考察)|过来|介绍|引荐|安排见|反馈|给反馈|出结果|比价"
)
DECIDES = re.compile(r"^定(?:下来|了)?$")  # what, is not said
MET = re.compile(r"约了")  # today, of which no hour is said: an appointment made, or kept already
WAITING = re.compile(rf"等(?:着|待)?{THEM}?")
NOTHING = re.compile(
    r"(?:不用|不必|不要|别|无需|不需要|没必要|不再)(?:再)?(?:联系|跟进|打|找|来|发|寄|拜访|回访)|(?:没|没有|不|未|拒绝)(?:有)?(?:答应|承诺|同意|保证)"
)
NOUN = re.compile(
    rf"^{US}?(?:给.{{0,4}})?(?:发|寄|送|给|报|提|说|谈|交|签|约|订)(?:过去|过来|出去|给.{{1,3}})?的(?!$)"
)
NEXT = re.compile(
    r"^(?:(?:下一?步|接下来的?|后续)(?:计划|动作|行动|安排(?=[：:，,\s]))?|待办|todo|TODO)(?:是|要|就是|就|先)?[：:，,\s]*(?P<what>.+)$"
)


AGAIN = re.compile(r"^(?:要)?(?:等到?)?再|联系|找|打电话|谈|约|聊|拜访|见面|过去|来(?:我们|公司|厂)")
FORMER = re.compile(r"(?:原定|原来|本来|原计划|[(（])(?:在|是|于)?$")
LONG_BEFORE = 7
MOVED = re.compile(
    r"(?:改到|改成|改为|改在|推到|推迟到|推迟至|延到|延期到|延期至|提前到|顺延到|改约|调整到|调到)$"
)

CORRECTED = re.compile(r"^\W*(?:我)?(?:说错|写错|打错|讲错|记错|搞错)了|^\W*(?:不对|更正)[，,：:\s]*$")
EXPECTED = re.compile(
    r"\s*(?:预计|估计|应该|大概|可能)(?:会|能|可以)?(?:到账|到货|出结果|批下来|有结果|收到|付款|打款|回款)"
)


def is_theirs(text: str) -> bool:
    """The customer promised, or said what he will do."""
    if NOTHING.search(text) or ASKED.search(text):
        return False
    if THEIR_PROMISE.search(text):
        return not re.search(rf"{PROMISE}(?:了)?(?:见|让{US}|{US}(?:去|过去|上门|来))", text)
    if OUR_PROMISE.search(text):
        return False
    if (WAITING.match(text.lstrip()) and THEIR_VERBS.search(text)) or TO_US.search(text):
        return True
    said = SAID.search(text)
    if said:  # 对方回复明天聊: 回复 is how it was said
        return bool(THEIR_VERBS.search(text, said.end() if said[0].endswith("回复") else 0))
    return bool(re.match(rf"\s*{THEM}", text) and THEIR_VERBS.search(text))


def is_ours(text: str) -> bool:
    """We promised, or were asked to."""
    if NOTHING.search(text) or THEIR_PROMISE.search(text):
        return False
    return bool(OUR_PROMISE.search(text) or ASKED.search(text))


def has_happened(clause: Clause) -> bool:
    """Whether the words tell of what was, where the day alone leaves it open."""
    text = clause.bare
    if re.search(r"已经?(?!约|定|安排|说好)", text):
        return True
    return bool(PAST.search(text)) and not (FUTURE.search(text) and not re.search(r"了$|过$", text))


_AND = (
    r"[\s，,。：:、的]*(?:然后|并且|而且|同时|另外|还有|所以|最后|结果|那就|那|但是|但|不过|接着|并|且|就)*"
)
_LEADING = re.compile(
    rf"^{_AND}(?:(?:跟|和|与)[^，,。；;]{{0,6}}?{THEM}(?:们|方|那边|这边)?(?:说好|约好|约定|约了|约的|商定|定好|敲定|谈好|讲好)了?)?(?:{THEM}(?:们|方|那边|这边)?(?:又|也)?(?:说是|说|表示|讲|回复|让|叫|要求|希望|建议|请))?(?:{THEM}约(?={US}))?"
    rf"(?:{US})?(?:又|也|都|就|还|已经|已)?(?:时间)?"
    r"(?:说好了?|最好能?|拟|待|目标是?|商量好了?|预约好?了?|提醒[：:，,]?|约好了?|约定好?了?|约了|定了|定好了?|定在|定于|定(?!制|金|下|稿|价)|约在|约|准备(?!资料|材料|合同|标书|样|文件|礼)|打算|计划|争取|预计|记得|别忘了?|需要|得|要|会(?!议)|务必|必须|一定|最晚|最迟|尽量|尽快|抓紧|大概"
    r"|应该|可能|等到|等(?!待|通知)|先|在(?!我们|咱|他们|她们|他那|客户|对方|公司|厂|现场)|于|就|到(?=再)|改到|推到|推迟到|延到|延期到|改成|改约)*"
)
_THEIR_LEADING = re.compile(
    rf"^{_AND}(?:等(?:着|待)?)?(?:{THEM}(?:们|方|那边|这边)?)?(?:[^，,。；;]{{0,8}}?(?:说是|说(?!明)|表示|讲|回复))?(?:又|也|都|就|还|已经|已)?(?:口头)?(?:{THEM}(?:们)?)?"
    rf"(?:{PROMISE}(?:了)?|同意)?(?:最晚|最迟|争取|预计|大概|应该|可能|尽量|务必|一定|肯定|会(?!议)|要|能|可以|在|于|就|得|需要|准备|打算|计划|安排)*"
)
_OUR_LEADING = re.compile(
    rf"^{_AND}(?:(?:跟|和|与)?{THEM}(?:们|方|那边|这边)?)?(?:[^，,。；;]{{0,8}}?(?:说(?!好)|表示|申请后))?(?:要求|希望|想让|催着?|让|叫|请|要|需要)?"
    rf"(?:{US})?(?:又|也|都|就|还|已经|已)?(?:说好了?)?(?:{PROMISE}(?:了|好了?|过)?|说好了?)?(?:{US}|{THEM}(?=给|发|寄|送|做|出|在|周|明|后|今|$))?(?:最晚|最迟|争取|务必|一定|尽量|必须|会|要|在|于|就|得)*"
)
_TRAILING = re.compile(r"[\s，,。；;！!、：:]*(?:吧|啊|哈|呢|哦|噢|了)?[\s，,。；;！!、：:]*$")


_BEFORE = re.compile(
    r"(?:我?(?:跟|和|与)[^，,。；;]{1,10}?(?:说好|约好?|定好?|约定|商定|敲定|讲好|谈好|商量好)了?(?:在|于)?"
    r"|(?:安排好?了?|暂定|初定|初步定|定(?:好|在|于)?了?|预?约(?:好|在|定)?了?|打算|准备|计划|说好|改(?:成|到|为)|放在|请于|在|于|等到?|先|就|请)+)$"
)
# What is so on a day, other than what one does: he has time, is back, it is there, it runs out.
STATE = re.compile(
    r"^(?:[^，,。；;]{0,6}?(?:说|估计|预计|应该|大概|可能|才|要|就|会))*[^，,。；;]{0,6}?"
    r"(?:有空|有时间|有档期|没空|休假|放假|请假|出差|回来|回国|上班|开工|开业|复工|停产|截止|截标|到期|到岗|批(?:下来)?|到货|到账|出结果|到)(?:了|的)?$"
)


def step_words(clause: Clause) -> str:
    """The next step without who said and that it is planned."""
    if clause.moments:
        edge = clause.moments[0].start - clause.start
        if found := _BEFORE.search(clause.text[:edge]):
            behind = clause.moments[0].end - clause.start
            pieces = clause.text[: found.start()], clause.text[edge:behind], clause.text[behind:]
            written = clause.written[: found.start()], clause.written[edge:behind], clause.written[behind:]
            gap = found.end() - found.start()
            moments = [replace(one, start=one.start - gap, end=one.end - gap) for one in clause.moments]
            clause = Clause(clause.start, "".join(pieces), "".join(written), moments)
    return _words(clause, _LEADING)


def their_words(clause: Clause) -> str:
    """What the customer promised."""
    return _words(clause, _THEIR_LEADING)


def our_words(clause: Clause) -> str:
    """What we promised, or were asked for."""
    asked = ASKED.search(clause.text)
    behind = [moment for moment in clause.moments if asked and moment.start - clause.start < asked.start()]
    if asked and (behind or asked.start() > LONG_BEFORE) and not OUR_PROMISE.search(clause.text):
        return tidied(clause.written[asked.end() :])
    return _words(clause, _OUR_LEADING)


def _words(clause: Clause, leading: re.Pattern[str]) -> str:
    """What follows the leading words, with names as they were written."""
    match = leading.match(clause.bare)
    begin = match.end() if match else 0
    if clause.moments and SAID.search(clause.text):  # much was said before the day: what follows it is meant
        edge = clause.moments[0].start - clause.start
        behind = tidied(clause.written[clause.moments[0].end - clause.start :])
        if edge - begin >= LONG_BEFORE and len(behind) > 1:
            return behind
    return tidied(clause.bare_written[begin:])


def tidied(text: str) -> str:
    """Without punctuation and particles at its ends."""
    return _TRAILING.sub("", text).strip("，,。；;：:、 ")
