"""Whom of the customer's people a sentence names: 张总, 李经理, 王姐, 采购, 陈工, 小刘."""

import re
from collections.abc import Sequence
from functools import lru_cache

from kebu.base.kit.sentences.lexicon import Person

COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "夏侯",
    "东方",
    "端木",
    "司徒",
)
# what one calls somebody → what his title then holds
CALLED = {
    "总": "总|董事长|老板|创始人", "董": "董", "经理": "经理", "主任": "主任", "主管": "主管", "总监": "总监", "工": "工|技术|研发",
    "部长": "部长", "科长": "科长", "处长": "处长", "厂长": "厂长", "院长": "院长", "校长": "校长", "行长": "行长", "所长": "所长",
    "局长": "局长", "店长": "店长", "队长": "队长", "组长": "组长", "班长": "班长", "会计": "会计|财务", "老师": "老师|教", "教授": "教授",
    "博士": "博士", "书记": "书记", "秘书": "秘书", "助理": "助理", "老板": "总|老板|董事长|创始人", "采购": "采购", "财务": "财务",
    "律师": "律师|法务", "医生": "医|主任", "姐": "", "哥": "", "姨": "", "叔": "", "先生": "", "女士": "", "小姐": "", "师傅": "", "大哥": "", "大姐": "",
    "老弟": "", "兄": "", "总工": "总工|工",
}  # fmt: skip
_CALLED = "|".join(sorted(CALLED, key=len, reverse=True))
_AWAY = re.compile(
    r"^.{0,3}?(?:不在|没在|出差|没接|不接|休假|请假|没空|离职|开会去|在开会|没打通|关机|没联系上|没见着|没见到|没人接|电话没|手机关)"
)
_ROLE = re.compile(
    r"(采购|财务|技术|研发|生产|质量|品质|设备|行政|人事|销售|运营|市场|信息|法务|工程|物流|仓库|仓储|项目|工艺|商务|总务|后勤)(部门?|经理|总监|主管|部长|负责人|主任|那边|那里|的人|工程师)?"
)


_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范石廖"
    "贾夏韦付邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵钱严覃武戴莫孔汤施洪翟樊章鲁葛尤柳"
)
_ANYBODY = re.compile(
    rf"(?<![工流课行过日教阶下上本每一二两三四几这那对双])(?P<surname>{'|'.join(COMPOUND)}|[{_SURNAMES}])"
    rf"(?:副|大)?(?:{_CALLED})(?![程作业艺期单部结厂资地额数价量体])"
)


def stranger_in(text: str) -> str:
    """The surname of the first who is called by a title, 张总; for a sentence that names none of the people
    one knows."""
    found = _ANYBODY.search(text)
    return found["surname"] if found else ""


def contact_in(text: str, people: Sequence[Person]) -> int | None:
    """The key of whom the talk was with: the first who is named, unless he was away and another follows."""
    named = sorted(_named(text, people))
    for start, end, key in named:
        if re.search(r"(?:没见到|没见着|没找到|没碰到|没联系上|不是|不找)$", text[:start]):
            continue
        others = {one for _a, _b, one in named if one != key}
        if not (_AWAY.match(text[end:]) and others):
            return key
    if named:
        return named[0][2]
    return _by_role(text, people)


def _named(text: str, people: Sequence[Person]) -> list[tuple[int, int, int]]:
    found, whole = [], []
    for person in people:
        place = text.find(person.name) if len(person.name) > 1 else -1
        if place >= 0:
            whole.append((place, place + len(person.name), person.key))
    for surname in {surname_of(person.name) for person in people if person.name}:
        mine = [person for person in people if surname_of(person.name) == surname]
        for match in _calls(surname).finditer(text):
            is_part = any(start <= match.start() < end for start, end, _key in whole)
            key = None if is_part else _meant(match["called"] or "", mine)
            if key is not None:
                found.append((match.start(), match.end(), key))
    return whole + found + _given(text, people)


@lru_cache(maxsize=512)
def _calls(surname: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![大从])[老小阿]{surname}(?![板程心型子])|{surname}(?:副|大)?(?P<called>{_CALLED})(?![程作业艺期单部结])"
    )


def _meant(called: str, mine: Sequence[Person]) -> int | None:
    """Who of those with the surname: whose title fits what he is called, or the only one."""
    fitting = [person for person in mine if CALLED.get(called) and re.search(CALLED[called], person.title)]
    if len(fitting) == 1 or (fitting and len(mine) == len(fitting)):
        return fitting[0].key if len(fitting) == 1 else None
    return mine[0].key if len(mine) == 1 else None


def _given(text: str, people: Sequence[Person]) -> list[tuple[int, int, int]]:
    """Given names of two characters alone: 国栋说."""
    found = []
    for person in people:
        given = person.name[len(surname_of(person.name)) :]
        place = text.find(given) if len(given) == 2 else -1
        if place >= 0 and person.name not in text:
            found.append((place, place + 2, person.key))
    return found


def _by_role(text: str, people: Sequence[Person]) -> int | None:
    """采购经理说…: the only one whose title says so."""
    for match in _ROLE.finditer(text):
        if match.start() and not re.search(
            r"(?:[和跟与找给是让请约问见向到同了，。,\s]|联系|他们|客户|对方|那边)$", text[: match.start()]
        ):
            continue
        is_called = re.search(r"(?:打给|给|找|联系)$", text[: match.start()]) and re.match(
            r"[，,。\s]|$", text[match.end() :]
        )
        if (
            not match[2]
            and not is_called
            and not re.match(
                r"说|讲|表示|反馈|回复|问|要|打|来|电话|确认|告诉|答应|沟通|聊", text[match.end() :]
            )
        ):
            continue
        fitting = [person for person in people if match[1] in person.title]
        if len(fitting) == 1:
            return fitting[0].key
    return None


def surname_of(name: str) -> str:
    """The first character, of the known ones two."""
    return name[:2] if name[:2] in COMPOUND else name[:1]
