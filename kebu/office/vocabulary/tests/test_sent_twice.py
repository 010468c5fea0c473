"""A term whose form arrives twice is added once."""

import pytest
from django.utils import timezone

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.office.staff.models import User
from kebu.office.vocabulary.actions import Refused, save_term
from kebu.office.vocabulary.models import Term
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db


def test_once_for_each_key(admin: User, client_of: ClientOf) -> None:
    office, sent = client_of(admin), {"name": "地推", "is_active": "on"}
    answers = [
        office.post("/dictionaries/new/?kind=source", sent | {"submission": key}) for key in ("a", "a", "b")
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert Term.objects.filter(kind="source", name="地推").count() == 1


def test_who_was_faster_with_the_name_is_told_of(admin: User) -> None:
    by, at = Author(admin.pk, admin.name, Door.PAGE), timezone.now()
    values = {"name": "地推", "aliases": [], "is_active": True}
    save_term(Term(kind="source"), values, by=by, at=at)
    with pytest.raises(Refused, match="地推"):
        save_term(Term(kind="source"), values, by=by, at=at)
