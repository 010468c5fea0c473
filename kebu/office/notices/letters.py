"""What a notice says outside of the house."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from kebu.office.notices.models import Delivery, Notice


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice in words that need no page around them; ``id`` stays the same however often it is tried."""

    id: str
    notice: Notice
    title: str
    text: str
    link: str
    name: str = ""

    @property
    def headline(self) -> str:
        """The title, in a group with the name of the person it is for."""
        return f"{self.name}：{self.title}" if self.name else self.title

    def told(self) -> dict[str, Any]:
        """What our own webhook says."""
        notice = self.notice
        about = {"kind": notice.about_kind, "id": notice.about_id} if notice.about_kind else None
        return {
            "id": self.id,
            "kind": notice.kind,
            "key": notice.key,
            "title": self.title,
            "text": self.text,
            "url": self.link,
            "user": {"account": notice.user.username, "name": notice.user.name},
            "about": about,
            "created_at": notice.created_at.isoformat(),
        }


def letter_of(delivery: Delivery) -> Letter:
    """The letter of one delivery. Channels of the office are read by many: there it says for whom it is, and
    of what only some may see no more than of which kind it is; the link opens for those."""
    notice, channel = delivery.notice, delivery.channel
    link = settings.KEBU_ADDRESS + notice.url if notice.url else ""
    name, title, text = "", notice.title, notice.text
    if channel is not None and channel.user_id is None:
        name = notice.user.name
        if notice.about_kind:
            title, text = notice.kind_label, ""
    return Letter(str(delivery.pk), notice, title, text, link, name)
