"""The customer list, its tabs and conditions, and the list of archived customers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import search_labels
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.search import Numbers
from kebu.base.ui.htmx import is_fragment, render_page
from kebu.base.ui.paging import Keyset, Sort, capped_count
from kebu.crm.customers.board import board_parts, look_urls
from kebu.crm.customers.columns import columns_of, heads, places_of, standard
from kebu.crm.customers.conditions import ListQuery, tidied
from kebu.crm.customers.conditions_form import city_options, groups, kept_parts, orders
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.customers.neighbours import list_mark
from kebu.crm.customers.outlooks import SHARED
from kebu.crm.customers.queries import numbers_for
from kebu.crm.customers.rows import RowMaker, cells_pattern
from kebu.crm.customers.tabs import COUNT_CAP, figures, known_counts, list_count, standing, tabs
from kebu.crm.customers.walks import Walk
from kebu.office.staff.queries import signed_in

PAGE_SIZE = 50
ARCHIVED = ("name", "grade", "stage", "industry", "owner")


@requires(Permission.CUSTOMER_VIEW)
@require_GET
def customer_list(request: HttpRequest) -> HttpResponse:
    """The list; for htmx its rows with the sentence and the chips that go along."""
    if request.GET.get("say", "").strip():  # a line of conditions is read where they are put together
        return redirect(f"{reverse('customers:filter')}?{request.GET.urlencode()}&do=apply")
    params = tidied(request.GET)
    if not is_fragment(request) and params.urlencode() != request.GET.urlencode():
        return redirect(f"{reverse('customers:list')}?{params.urlencode()}")
    context = _context(request)
    query = ListQuery(params, signed_in(request), context)
    parts = _board(request, query) if query.look.is_board else _list(request, query)
    response = render_page(request, "customers/list.html", parts, fragment="answer")
    if is_fragment(request) and params.urlencode() != request.GET.urlencode():
        response["HX-Push-Url"] = reverse("customers:list") + query.address()
    return response


def _context(request: HttpRequest) -> Context:
    return Context(
        owner_ids=signed_in(request).owner_ids(Permission.CUSTOMER_VIEW), reader=signed_in(request)
    )


def _list(request: HttpRequest, query: ListQuery) -> dict[str, Any]:
    user = signed_in(request)
    columns = columns_of(places_of(user, query.outlook, query.context), query.context)
    maker = RowMaker(query.context, user, columns, list_mark(query))
    reads = maker.reads(query.sort.column.partition("__")[0])
    walk = Walk(query, lambda rows: rows.values_list(*reads, named=True), PAGE_SIZE)
    page = walk.page(request.GET.get("cursor"))
    frame = _frame(request, query)
    return {
        **frame,
        "rows": maker.rows(page.items, page.first_index),
        "page": page,
        "most_picked": frame["count"].value,
        "heads": heads(query, columns),
        "cells_at": cells_pattern(),
        "here": query.address({"cursor": request.GET.get("cursor", "")}),
    }


def _board(request: HttpRequest, query: ListQuery) -> dict[str, Any]:
    """The same customers in columns."""
    frame = _frame(request, query)
    return {**frame, **board_parts(query, frame["count"])}


def _frame(request: HttpRequest, query: ListQuery) -> dict[str, Any]:
    """What stands around the customers, in whatever look."""
    count = list_count(query)
    return {
        "nav": "customers:list",
        "query": query,
        "count": count,
        "sorts": sort_links(query),
        "look_urls": look_urls(query),
        "tabs": tabs(query, known_counts(query, count)),
        "standing": standing(query),
        "can_assign": signed_in(request).can(Permission.CUSTOMER_ASSIGN),
        "can_archive": signed_in(request).can(Permission.CUSTOMER_ARCHIVE),
        "can_edit": signed_in(request).can(Permission.CUSTOMER_EDIT),
        "may_rule": bool(query.asked_count)
        and signed_in(request).can(Permission.VOCABULARY_MANAGE)
        and signed_in(request).owner_ids(Permission.CUSTOMER_VIEW) is None,
        "can_tag": signed_in(request).can(Permission.CUSTOMER_EDIT)
        and CUSTOMER_FIELDS["tags"].allows(Use.EDIT, query.context),
        "can_delete": signed_in(request).can(Permission.CUSTOMER_DELETE),
        "can_export": signed_in(request).can(Permission.CUSTOMER_EXPORT),
        "can_share": signed_in(request).can(Permission.CUSTOMER_EDIT) and query.outlook != SHARED,
        "is_fragment": is_fragment(request),
        "wants_whole_numbers": numbers_for(signed_in(request)) is Numbers.WHOLE,
    }


def sort_links(query: ListQuery) -> list[dict[str, Any]]:
    """The menu of orders: choosing the present one turns it round."""
    return [
        {
            "label": item.label,
            "is_current": name == query.sort_name,
            "url": query.address(
                {"sort": f"-{name}" if name == query.sort_name and not query.is_descending else name}
            ),
        }
        for name, item in query.sorts.items()
    ]


@requires(Permission.CUSTOMER_VIEW)
@require_GET
def tab_counts(request: HttpRequest) -> HttpResponse:
    """The tabs with all their counts, asked for once the list stands."""
    query = ListQuery(request.GET, signed_in(request), _context(request))
    parts = {"tabs": tabs(query, figures(query)), "query": query}
    return render_page(request, "customers/tabs.html", parts, fragment="tabs")


@requires(Permission.CUSTOMER_VIEW)
@require_GET
def conditions(request: HttpRequest) -> HttpResponse:
    """The form of all conditions: a sheet beside the list, or a page without script."""
    query = ListQuery(tidied(request.GET), signed_in(request), _context(request))
    parts = {"nav": "customers:list", "query": query, "groups": groups(query), "orders": orders(query)}
    parts["kept"] = kept_parts(query)
    return render_page(request, "customers/conditions.html", parts, fragment="sheet")


@requires(Permission.CUSTOMER_VIEW)
@require_GET
def cities(request: HttpRequest) -> HttpResponse:
    """The select of a province's cities, for the conditions form."""
    return render(request, "customers/cities.html", {"cities": city_options(request.GET.get("region", ""))})


@requires(Permission.CUSTOMER_VIEW)
@require_GET
def archive(request: HttpRequest) -> HttpResponse:
    """The archived customers this user sees, the latest first."""
    context, search = _context(request), request.GET.get("q", "").strip()[:60]
    user = signed_in(request)
    rows = Customer.objects.of_reach(user).archived()
    if search:
        labels = search_labels(user, Permission.CUSTOMER_VIEW)
        rows = rows.filter(INDEX.condition(search, labels, numbers=numbers_for(user)))
    columns = [one for one in standard(context) if one.name in ARCHIVED]
    maker = RowMaker(context, user, columns)
    listed = rows.values_list(*maker.reads("archived_at", "archived_by_id"), named=True)
    page = Keyset(listed, Sort("archived_at", descending=True), PAGE_SIZE).page(request.GET.get("cursor"))
    parts = {
        "nav": "customers:archive",
        "rows": maker.rows(page.items),
        "page": page,
        "count": capped_count(rows, COUNT_CAP),
        "search": search,
        "has_industry": CUSTOMER_FIELDS["industry"].allows(Use.VIEW, context),
    }
    return render_page(request, "customers/archive.html", parts, fragment="rows")
