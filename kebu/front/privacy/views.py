"""The page of one person: what is kept and why, consents, copy, erasure."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible, may
from kebu.base.fields.choices import Sensitivity, Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import ALLOWED, rule_for
from kebu.base.fields.forms import RecordForm
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.consents.actions import note_consent, withdraw
from kebu.crm.consents.fields import CONSENT_FIELDS
from kebu.crm.consents.models import Consent
from kebu.front.privacy.erasing import erase_person, told
from kebu.front.privacy.forms import ErasureForm, GroundForm
from kebu.front.privacy.package import note_package, write_package
from kebu.front.privacy.people import Person, find_person
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

CHANGED = "consents-changed"


@dataclass(frozen=True, slots=True)
class Held:
    """One field that says something about the person: what for, how guarded, whether it is filled in."""

    label: str
    purpose: str
    is_guarded: bool
    is_filled: bool


def _held(person: Person, user: User) -> list[Held]:
    """What is kept of the person, of what this reader may know to be kept."""
    record = person.record
    return [
        Held(
            item.label,
            item.purpose or _("称呼"),
            item.sensitivity is not Sensitivity.NORMAL,
            not item.is_empty(item.value(record)),
        )
        for item in person.personal_fields
        if rule_for(user, item) in ALLOWED[Use.VIEW]
    ]


def _address(person: Person) -> str:
    return reverse("privacy:person", args=[person.key])


def _show(request: HttpRequest, person: Person, form: Any = None, status: int = 200) -> HttpResponse:
    user = signed_in(request)
    form = form or RecordForm(None, fields=CONSENT_FIELDS.editable(), context=Context(reader=user))
    parts = {
        "nav": "customers:list",
        "person": person,
        "customer": person.customer,
        "held": _held(person, user),
        "consents": Consent.objects.of_person(person.customer, person.contact).select_related("recorded_by"),
        "form": form,
        "submission": request.POST.get("submission") or uuid4().hex,
        "can_edit": may(user, Permission.CONTACT_EDIT, person.customer),
        "can_manage": user.can(Permission.PRIVACY_MANAGE),
        "ground": GroundForm(),
    }
    return render_page(request, "privacy/person.html", parts, fragment="consents", status=status)


@requires(Permission.CUSTOMER_VIEW)
@require_GET
def person_page(request: HttpRequest, key: str) -> HttpResponse:
    """What is kept about this person."""
    return _show(request, find_person(key, signed_in(request)))


@requires(Permission.CONTACT_EDIT)
@require_POST
def consents(request: HttpRequest, key: str) -> HttpResponse:
    """Note a consent."""
    person = find_person(key, signed_in(request))
    demand(signed_in(request), Permission.CONTACT_EDIT, person.customer)
    context = Context(reader=signed_in(request))
    form = RecordForm(request.POST, fields=CONSENT_FIELDS.editable(), context=context)
    if form.is_valid() and form.cleaned_data["given_on"] > context.today:
        form.add_error("given_on", _("不能是将来的日期"))
    if not form.is_valid():
        return _show(request, person, form, 422)
    note_consent(
        person.customer,
        person.contact,
        form.values(),
        submission=request.POST.get("submission") or uuid4().hex,
        by=Author.of(request),
        at=timezone.now(),
        context=context,
    )
    return _noted(request, _address(person), _("已记下同意"))


@requires(Permission.CONTACT_EDIT)
@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a consent was taken back, today."""
    found = Consent.objects.select_related("customer", "contact")
    consent = get_visible(found, signed_in(request), pk=pk)
    demand(signed_in(request), Permission.CONTACT_EDIT, consent.customer)
    withdraw(consent, on=timezone.localdate(), by=Author.of(request), at=timezone.now())
    return _noted(request, _address(Person(consent.customer, consent.contact)), _("已记下撤回"))


def _noted(request: HttpRequest, address: str, text: str) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, address)
    return trigger(toast(HttpResponse(status=204), text), CHANGED)


@requires(Permission.PRIVACY_MANAGE)
@require_POST
def package(request: HttpRequest, key: str) -> HttpResponseBase:
    """Everything kept about the person, as one file; that it left is written down."""
    person, form = find_person(key, signed_in(request)), GroundForm(request.POST)
    if not form.is_valid():
        flash(request, _("没有导出：请选原因，会记进操作日志"))
        return redirect_to(request, _address(person))
    by, now = Author.of(request), timezone.now()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "person.zip"
        count = write_package(person, target, at=now)
        file = target.open("rb")  # stays readable when the folder is gone
    note_package(person, count, form.reason, by=by, at=now)
    name = _("个人信息-%(name)s.zip") % {"name": person.record.name}
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@requires(Permission.PRIVACY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: HttpRequest, key: str) -> HttpResponse:
    """Erase a person for good, after his name was typed once more."""
    person = find_person(key, signed_in(request))
    form = ErasureForm(person, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        parts = {
            "nav": "customers:list",
            "person": person,
            "customer": person.customer,
            "form": form,
            "action": request.path,
            "back": _address(person),
        }
        status = 422 if request.method == "POST" else 200
        return render_page(request, "privacy/erasure.html", parts, fragment="dialog", status=status)
    tally = erase_person(person, by=Author.of(request), at=timezone.now(), reason=form.reason)
    flash(request, told(tally))
    return close(redirect_to(request, person.customer.get_absolute_url()), "dialog")
