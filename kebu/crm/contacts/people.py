"""Contacts as pages show them: what the reader sees of their ways and days."""

from dataclasses import dataclass
from datetime import date

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a contact: its text, and the value itself where the reader sees all of it."""

    name: str
    label: str
    text: str
    raw: str
    target: str

    @property
    def is_masked(self) -> bool:
        """There is more than the reader sees."""
        return not self.raw


class Person:
    """One contact as one reader sees it; ``can_reveal``: he may ask for what is masked."""

    def __init__(self, contact: Contact, context: Context, *, can_reveal: bool = False) -> None:
        self.contact, self.context, self.can_reveal = contact, context, can_reveal

    def __getitem__(self, name: str) -> object:
        """Let templates, which ask for items first, find the parts at once."""
        return getattr(self, name)

    def _part(self, name: str) -> Part | None:
        item = CONTACT_FIELDS[name]
        value = item.value(self.contact)
        if item.is_empty(value) or not item.allows(Use.VIEW, self.context):
            return None
        raw = str(value) if item.allows(Use.READ, self.context) else ""
        target = f"masked-contact-{self.contact.pk}-{name}"
        return Part(name, item.label, item.shown(value, self.context), raw, target)

    @property
    def phone(self) -> Part | None:
        return self._part("phone")

    @property
    def email(self) -> Part | None:
        return self._part("email")

    @property
    def birthday(self) -> Part | None:
        return self._part("birthday")

    @property
    def role(self) -> Part | None:
        return self._part("role")

    @property
    def preference(self) -> Part | None:
        return self._part("preference")

    @property
    def own(self) -> list[Part]:
        """What is filled in of the office's own fields."""
        parts = [self._part(item.name) for item in CONTACT_FIELDS.own()]
        return [part for part in parts if part is not None]

    @property
    def next_birthday(self) -> date | None:
        """The day of the next birthday, for who sees the birthday."""
        is_seen = CONTACT_FIELDS["birthday"].allows(Use.READ, self.context)
        return self.contact.next_birthday if is_seen else None


def people(contacts: list[Contact], context: Context, *, can_reveal: bool = False) -> list[Person]:
    """The contacts as the reader sees them, in their order."""
    return [Person(contact, context, can_reveal=can_reveal) for contact in contacts]
