"""A create form that arrives twice makes one record, and both answers tell of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db import transaction
from django.db.models import Model
from django.shortcuts import get_object_or_404

from kebu.base.records.models import claim_submission, submitted_record

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Once(Generic[M]):
    """One form of one person, by its key; ``kind`` tells records apart."""

    model: type[M]
    kind: str
    key: str
    user_id: int

    def before(self) -> M | None:
        """What the form made when it came before. To be asked after the form was checked: who finds its name
        taken by the first of two finds that one's key too."""
        pk = submitted_record(self.key, kind=self.kind, user_id=self.user_id)
        return self.model._default_manager.filter(pk=pk).first() if pk else None

    def make(self, make: Callable[[], M], *, at: datetime) -> M:
        """Make it, unless the form is there a second time: then it is what the first made, 404 when that is
        gone by now."""
        with transaction.atomic():
            claim = claim_submission(self.key, kind=self.kind, user_id=self.user_id, at=at)
            if claim is None:
                pk = submitted_record(self.key, kind=self.kind, user_id=self.user_id)
                return get_object_or_404(self.model, pk=pk)
            made = make()
            claim.record_id = made.pk
            claim.save(update_fields=["record_id"])
            return made
