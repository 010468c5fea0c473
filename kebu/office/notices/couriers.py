"""One message handed over: by mail, to a robot, to an interface."""

import time
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from kebu.office.notices import calls, robots
from kebu.office.notices.choices import Way
from kebu.office.notices.letters import Letter
from kebu.office.notices.mails import mail
from kebu.office.notices.models import Channel, Delivery
from kebu.office.notices.outcomes import Failed, Outcome, Unclear
from kebu.office.notices.sealing import Unopened, unseal


def hand_over(delivery: Delivery, letters: Sequence[Letter]) -> Outcome:
    """Bring the letters where ``delivery``, one of them, goes; never raises for what the other side does."""
    channel: Channel | None = delivery.channel
    try:
        address = unseal(channel.address) if channel else delivery.notice.user.email
        secret = unseal(channel.secret) if channel else ""
    except Unopened:
        return Failed(_("渠道的地址和密钥是另一套系统存的，打不开，请重新填写"), is_final=True, is_way=True)
    if delivery.way == Way.EMAIL:
        return mail(address, letters) if address else Failed(_("没有填邮箱"), is_final=True)
    call = robots.call_for(delivery.way, address, secret, letters, now=time.time())
    try:
        answer = calls.post(call.url, call.body, call.headers)
    except (Failed, Unclear) as outcome:
        return outcome
    return robots.read(delivery.way, answer)


def most_together(way: str) -> int:
    """How many letters one message holds: robots may speak twenty times a minute only."""
    return 1 if way == Way.WEBHOOK else 10


def lane_of(delivery: Delivery) -> dict[str, Any]:
    """What goes the same way to the same place, as conditions on deliveries."""
    if delivery.channel_id is not None:
        return {"channel": delivery.channel_id}
    return {"channel": None, "way": delivery.way, "notice__user": delivery.notice.user_id}
