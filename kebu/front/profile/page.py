"""What the customer page shows; every part is computed when a template first asks for it."""

from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.access.queries import demand_visible, may
from kebu.base.access.sharing import Share
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.ui.navigation import address
from kebu.crm.cadence.queries import Said, explained, topics_for
from kebu.crm.changes.models import Proposal
from kebu.crm.changes.proposals import proposals_of
from kebu.crm.contacts.models import Contact
from kebu.crm.contacts.people import Person, people
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Collaborator
from kebu.crm.customers.queries import completeness, may_share, missing_labels, stage_words
from kebu.crm.files.contents import ACCEPTED
from kebu.crm.followups.lists import PlanLine, lines_of
from kebu.crm.followups.offering import offers_of
from kebu.crm.followups.standing import standing_of
from kebu.crm.interactions.forms import composer
from kebu.crm.interactions.marks import entry
from kebu.crm.interactions.models import Interaction
from kebu.crm.pool.rules import falls_in_words
from kebu.crm.promises.queries import PromiseBook
from kebu.front.profile import stages, timeline
from kebu.front.profile.birthdays import Reminder, birthdays_near
from kebu.front.profile.facts import Fact, FactMaker
from kebu.front.profile.owed import owed
from kebu.front.profile.queries import Told, contacts_of, customers_numbered, may_have, plans_of
from kebu.front.profile.tabs import TABS
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

SHOWN = (
    (timeline.ALL, gettext_lazy("全部")),
    (timeline.TALKS, gettext_lazy("往来")),
    (timeline.CHANGES, gettext_lazy("变更")),
)
RECENT = 3


def context_for(user: User) -> Context:
    """The context of one request of this user, who gives customers to those only whom he may."""
    return Context(owner_ids=user.owner_ids(Permission.CUSTOMER_ASSIGN), reader=user)


class Profile:
    """One customer as one reader sees it."""

    def __init__(self, request: HttpRequest, number: str) -> None:
        self.request = request
        self.user = signed_in(request)
        self.customer = demand_visible(customers_numbered(number), self.user)
        self.context = context_for(self.user)

    def __getitem__(self, name: str) -> object:
        """Let templates, which ask for items first, find the parts at once."""
        return getattr(self, name)

    # who may do what

    @cached_property
    def can_edit(self) -> bool:
        return self._may(Permission.CUSTOMER_EDIT) and not self.customer.is_archived

    @cached_property
    def can_reveal(self) -> bool:
        return self._may(Permission.CUSTOMER_REVEAL)

    @cached_property
    def can_stage(self) -> bool:
        return self.can_edit and CUSTOMER_FIELDS["stage"].allows(Use.EDIT, self.context)

    @cached_property
    def can_archive(self) -> bool:
        return self._may(Permission.CUSTOMER_ARCHIVE)

    @cached_property
    def can_delete(self) -> bool:
        return self._may(Permission.CUSTOMER_DELETE)

    @cached_property
    def can_assign(self) -> bool:
        return self._may(Permission.CUSTOMER_ASSIGN)

    @cached_property
    def can_log(self) -> bool:
        return self._may(Permission.INTERACTION_CREATE) and not self.customer.is_archived

    @cached_property
    def can_add_contacts(self) -> bool:
        return self._may(Permission.CONTACT_CREATE) and not self.customer.is_archived

    @cached_property
    def can_edit_contacts(self) -> bool:
        return self._may(Permission.CONTACT_EDIT)

    @cached_property
    def can_remove_files(self) -> bool:
        return self._may(Permission.FILE_REMOVE) and not self.customer.is_archived

    def _may(self, permission: Permission) -> bool:
        return may(self.user, permission, self.customer)

    # head

    @cached_property
    def steps(self) -> list[stages.Step]:
        return stages.steps(self.customer, self.context, self._told)

    @cached_property
    def stage(self) -> stages.Step | None:
        return next((step for step in self.steps if step.is_current), None)

    @property
    def is_lost(self) -> bool:
        return self.customer.customer_type == CustomerType.LOST

    @cached_property
    def stage_words(self) -> str:
        """The stage in words; of a lost customer, how far the work had come."""
        name = self.stage.name if self.stage else ""
        return stage_words(name, is_lost=self.is_lost, is_last=bool(self.steps) and self.steps[-1].is_current)

    @cached_property
    def type_label(self) -> str:
        return str(CustomerType(self.customer.customer_type).label).removesuffix("客户")

    @cached_property
    def owner_name(self) -> str:
        return self.context.directory(STAFF).name(self.customer.owner_id)

    @property
    def is_mine(self) -> bool:
        return self.customer.owner_id == self.user.pk

    @cached_property
    def archiver_name(self) -> str:
        return self.context.directory(STAFF).name(self.customer.archived_by_id)

    @cached_property
    def missing(self) -> list[str]:
        return missing_labels(self.customer, self.context)

    @cached_property
    def completeness(self) -> int:
        """The share that is filled of what the reader sees."""
        return completeness(self.customer, self.context)

    @property
    def tel(self) -> str:
        """The number to dial, for who sees it."""
        return self.customer.phone if CUSTOMER_FIELDS["phone"].allows(Use.READ, self.context) else ""

    @cached_property
    def is_overdue(self) -> bool:
        due = self.customer.next_follow_up_at
        return due is not None and timezone.localdate(due) < self.today

    @property
    def today(self) -> date:
        return self.context.today

    # facts and people

    @cached_property
    def maker(self) -> FactMaker:
        return FactMaker(
            self.customer, self.user, self.context, can_edit=self.can_edit, can_reveal=self.can_reveal
        )

    @cached_property
    def _all_sections(self) -> list[tuple[str, list[Fact]]]:
        return self.maker.sections()

    @cached_property
    def sections(self) -> list[tuple[str, list[Fact]]]:
        """The facts to read, and those to ask for; a section without any is left out."""
        found = (
            (title, [fact for fact in facts if not fact.is_blank]) for title, facts in self._all_sections
        )
        return [(title, facts) for title, facts in found if facts]

    @cached_property
    def blanks(self) -> list[Fact]:
        """What could be filled in besides; fetched when somebody unfolds it."""
        return [fact for _title, facts in self._all_sections for fact in facts if fact.is_blank]

    @cached_property
    def edit_url(self) -> str:
        return address("profile:edit", self.customer.number)

    @cached_property
    def follow_up(self) -> list[Fact]:
        return self.maker.follow_up()

    @cached_property
    def rhythms(self) -> list[Said]:
        """When the customer's grade wants it contacted, and why then."""
        return explained(self.customer, self.context)

    @property
    def topics(self) -> tuple[str, ...]:
        """What to talk about at its stage."""
        return topics_for(self.customer, self.context)

    @cached_property
    def brief(self) -> list[Fact]:
        return [fact for fact in self.maker.brief() if fact.text]

    @cached_property
    def contacts(self) -> list[Contact]:
        contacts = contacts_of(self.customer.pk)
        for contact in contacts:
            contact.customer = self.customer
        return contacts

    @cached_property
    def people(self) -> list[Person]:
        """The contacts as this reader sees them."""
        return people(self.contacts, self.context, can_reveal=self.can_reveal)

    @property
    def has_files(self) -> bool:
        """Whether there are any; they come once their place is in sight."""
        return may_have(self.customer, "files")

    @cached_property
    def plans(self) -> list[PlanLine]:
        """The next open plans."""
        return lines_of(plans_of(self.customer.pk), self.customer, self.user, self.context)

    @cached_property
    def can_plan(self) -> bool:
        return self._may(Permission.PLAN_CREATE) and not self.customer.is_archived

    @property
    def can_add_files(self) -> bool:
        return self._may(Permission.FILE_ADD) and not self.customer.is_archived

    accepted = ACCEPTED

    @property
    def submission(self) -> str:
        return uuid4().hex

    @cached_property
    def collaborators(self) -> list[Collaborator]:
        """Who takes part today; most customers have nobody, and then nothing more is asked."""
        if not may_have(self.customer, "shares"):
            return []
        present = self.customer.collaborators.present(self.today)
        return list(present.select_related("user", "created_by").order_by("pk"))

    @cached_property
    def can_share(self) -> bool:
        return may_share(self.user, self.customer)

    @cached_property
    def falls(self) -> str:
        """When and why the customer falls into the pool; "" while its owner was not warned."""
        return falls_in_words(self.customer, self.today) if may_have(self.customer, "warning") else ""

    @cached_property
    def can_release(self) -> bool:
        """Whether it is his to give back to the pool."""
        return self.can_share and self.customer.owner_id is not None and not self.customer.is_archived

    shares = Share.choices

    @cached_property
    def promises(self) -> PromiseBook:
        return PromiseBook(self.customer.pk, self.today)

    @cached_property
    def proposals(self) -> list[Proposal]:
        may_be = self.can_log and may_have(self.customer, "proposals")
        return proposals_of(self.customer, self.context) if may_be else []

    # history

    @cached_property
    def _told(self) -> Told:
        return Told(self.customer.pk)

    @cached_property
    def show(self) -> str:
        asked = self.request.GET.get("show", "")
        return asked if asked in dict(SHOWN) else timeline.ALL

    @cached_property
    def kinds(self) -> list[dict[str, object]]:
        base = self.customer.get_absolute_url()
        return [
            {
                "label": label,
                "url": base if name == timeline.ALL else f"{base}?show={name}",
                "is_current": name == self.show,
            }
            for name, label in SHOWN
        ]

    @cached_property
    def history(self) -> timeline.Page:
        return self._history(self.show, self.request.GET.get("before", ""))

    def _history(self, show: str, place: str = "") -> timeline.Page:
        return timeline.history(self.customer, self.contacts, self.context, show, place, self._told)

    @cached_property
    def entries(self) -> list[tuple[timeline.Item, SafeString | None]]:
        """The stretch of history; interactions are drawn, with a pencil where the user may correct them."""
        right = Permission.INTERACTION_EDIT
        some, all_of_it = self.user.can(right), self._may(right)
        return [
            (item, entry(talk, can_edit=some and (all_of_it or self._wrote(talk))) if talk else None)
            for item in self.history.items
            for talk in [item.interaction]
        ]

    def _wrote(self, interaction: Interaction) -> bool:
        return interaction.author_id == self.user.pk

    @cached_property
    def address(self) -> str:
        return self._address({})

    @cached_property
    def older_address(self) -> str:
        return self._address({"before": self.history.older})

    def _address(self, more: dict[str, str]) -> str:
        query = ({"show": self.show} if self.show != timeline.ALL else {}) | more
        return self.customer.get_absolute_url() + (f"?{urlencode(query)}" if query else "")

    @cached_property
    def recent(self) -> list[SafeString]:
        """The latest contacts, for the side panel."""
        return [entry(talk, can_edit=False, is_short=True) for talk in _talks_of(self._talks)[:RECENT]]

    @cached_property
    def _talks(self) -> timeline.Page:
        return self._history(timeline.TALKS)

    @cached_property
    def reminders(self) -> list[Reminder]:
        """What to remember before the next call: the last talk, what is owed still, birthdays near."""
        talks = [] if self.request.GET.get("before") else _talks_of(self.history)
        talks = talks or (_talks_of(self._talks) if self.customer.interaction_count else [])
        found = [Reminder(_("上次谈到"), talks[0].summary, _day(talks[0].happened_at))] if talks else []
        talk = next((talk for talk in talks if talk.objections), None)
        if talk:
            found.append(Reminder(_("顾虑"), talk.objections, _day(talk.happened_at)))
        found += owed(self.promises)
        return found + birthdays_near(self.customer, self.contacts, self.context)

    # form and phone

    @cached_property
    def composer(self) -> object:
        mine = [row.plan for row in self.plans if row.can_work]
        offers = offers_of(mine, self.user, self.today)
        stands = standing_of(self.user, self.customer, self.context, [row.plan for row in self.plans])
        told: dict[str, Any] = {"people": self.contacts, "offers": offers, "standing": stands}
        return composer(self.customer, self.context, uuid4().hex, **told)

    @cached_property
    def tab(self) -> str:
        asked = self.request.GET.get("tab", "")
        return asked if asked in dict(TABS) else TABS[0][0]

    @property
    def tabs(self) -> list[tuple[str, object, bool]]:
        return [(name, label, name == self.tab) for name, label in TABS]


def _talks_of(page: timeline.Page) -> list[Interaction]:
    return [item.interaction for item in page.items if item.interaction]


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)
