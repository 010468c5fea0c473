"""How one spoke to the customer, by what a sentence says of it."""

import re

# the values are those of interactions.choices.Method; at one place the longest word counts
CUES: tuple[tuple[str, str], ...] = (
    (
        "online",
        (
            r"(?:视频|腾讯|钉钉|飞书|网络|zoom|Zoom|ZOOM|teams|Teams|webex)(?:会议|会|演示|沟通|交流|评审|对接)?"
            r"|(?:线上|远程)(?:会议|会|演示|沟通|交流|评审|对接|看|给)"
            r"|线上(?:聊|开|过|谈)|视频(?:聊|连线|通话)|开了?个?视频|共享屏幕|云会议|电话会议?"
        ),
    ),
    (
        "visit",
        (
            r"拜访|走访|登门|上门|面谈|面聊|当面|见面|见了|碰面|碰了?(?:个)?头|来访|到访|实地|考察|吃(?:了|的)?(?:个|顿)?(?:饭|午饭|晚饭)|没见到|没碰到|饭局|喝茶|喝了?咖啡|请.{0,6}吃"
            r"|(?:去|(?<![并调转归回交送寄发得达])到)了?.{0,10}?(?:公司|厂里?|工厂|现场|办公室|车间|工地|总部|单位|店里?|门店|那边|那儿|医院|学校)(?!前)|来(?:我们|咱们|咱)?(?:公司|厂)"
            r"|展会上?|展位|展台|现场(?:勘查|勘察|看|聊|演示)?|跑了一趟|去了?(?:一)?趟|陪.{0,8}?(?:参观|看厂)|参观"
        ),
    ),
    (
        "wechat",
        r"微信(?:电话|语音|视频|群)?|威信|薇信|企微|企业微信|[vV]信|(?<![a-zA-Z])(?:vx|VX|wx|WX|Vx)(?![a-zA-Z])|朋友圈|加了?好友",
    ),
    ("email", r"邮件|邮箱|发邮|电邮|(?<![a-zA-Z])(?:e-?mail|E-?mail|EMAIL|mail)(?![a-zA-Z])|来信|回信"),
    ("sms", r"短信|短讯|手机信息"),
    (
        "phone",
        r"电话|点话|致电|来电|去电|通话|回电|座机|打通|打给|打过去|打来|打了(?:[一两三四五几\d]|好几)(?:次|遍|个(?!折))|拨打|拨通|接通|没接|未接|手机(?:没|关|占|打)|通了?(?:个)?话|无人接听|占线|关机|呼叫",
    ),
)
FINDERS = tuple((value, re.compile(pattern)) for value, pattern in CUES)
DENIED = re.compile(
    r"(?:不用|不要|不必|别|不方便|不爱|不想|不喜欢|不能|没法|免|改天|下次|约|要|准备|打算|想|待|尽快|再|答应|同意)(?:再|给|用|通过|他|她|接|发|走|先|去|来|打)*$|(?:只|没|不|爱|喜欢)看$"
)
FAILED = re.compile(r"没接|未接|没打通|打不通|无人接|关机|占线|没人接|没通|不接|停机|空号")
NOT_HIS = re.compile(r"^(?:号|号码|码|簿|单)(?!打)")


def _is_meant(text: str, match: re.Match[str]) -> bool:
    """Whether it is not refused, put off, or a mere number."""
    return not DENIED.search(text[: match.start()]) and not NOT_HIS.match(text[match.end() :])


def method_in(text: str) -> str:
    """The way named first; of two the second, where the first failed. Empty where none is named."""
    seen = [
        (match.start(), -match.end(), value)
        for value, pattern in FINDERS
        for match in pattern.finditer(text)
        if match[0] and _is_meant(text, match)
    ]
    chosen: list[tuple[int, str]] = []
    end = -1
    for start, minus_end, value in sorted(seen):
        if start >= end:
            chosen.append((start, value))
            end = -minus_end
    if not chosen:
        return ""
    failed = FAILED.search(text)
    if failed and chosen[0][1] == "phone":
        later = [value for start, value in chosen if start > failed.start() and value != "phone"]
        return later[0] if later else "phone"
    return chosen[0][1]
