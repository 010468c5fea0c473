"""What a sentence says, while it is typed."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible
from kebu.base.fields.directories import Context
from kebu.base.ui.htmx import render_page
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.concluding import offers, standing
from kebu.crm.interactions.forms import QUICK, InteractionForm
from kebu.crm.interactions.hearing import PERSON, Hearer
from kebu.crm.interactions.keeping import name_told
from kebu.crm.interactions.pressing import candidates
from kebu.crm.interactions.queries import named_customers
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

LONGEST = 600


@requires(Permission.INTERACTION_CREATE)
@require_POST
def hear(request: HttpRequest) -> HttpResponse:
    """The chips of a sentence about ``?customer=``, else about the customer chosen or named in it. Nothing is
    written."""
    user = signed_in(request)
    context = Context(reader=user)
    text = request.POST.get("summary", "").replace("\x00", "")[:LONGEST]
    customer, named = _meant(request, user, text)
    people = list(customer.contacts.in_order()) if customer else []
    chips = Hearer(user, customer, people, context).chips(text, timezone.now()) if text.strip() else []
    typed = name_told(request.POST)
    chips = [replace(one, value=typed) if one.name == PERSON else one for one in chips]
    parts: dict[str, Any] = {
        "nav": "customers:list",
        "chips": chips,
        "customers": candidates(named),
        "chosen": customer.number if customer and named else "",
    }
    if "customer" not in request.GET and customer and request.POST.get("about") != customer.number:
        parts |= {"about": customer.number, "form": about(user, customer, people, context)}
    return render_page(request, "interactions/heard.html", parts, fragment="heard")


def about(user: User, customer: Customer, people: list[Contact], context: Context) -> InteractionForm:
    """The fields of the phone's sheet that hang on the customer: whom one spoke to, which plan it was."""
    ends, stands = offers(user, customer, context), standing(user, customer, context)
    return InteractionForm(
        customer=None, context=context, names=QUICK, people=people, offers=ends, standing=stands
    )


def _meant(request: HttpRequest, user: User, text: str) -> tuple[Customer | None, list[Customer]]:
    """The customer of the sentence, and those it may name where none was chosen."""
    if "customer" in request.GET:
        customer = get_visible(Customer.objects.live(), user, number=request.GET["customer"])
        demand(user, Permission.INTERACTION_CREATE, customer)
        return customer, []
    number = request.POST.get("customer", "").replace("\x00", "")
    if number:
        return Customer.objects.within(user, Permission.INTERACTION_CREATE).live().filter(
            number=number
        ).first(), []
    named = named_customers(user, text)
    return (named[0] if len(named) == 1 else None), named
