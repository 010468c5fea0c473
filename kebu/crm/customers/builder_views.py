"""The form in which conditions are joined by and/or: a sheet beside the list, or a page without script."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.choices import Operator
from kebu.base.fields.directories import Context
from kebu.base.filters.builder import Option, drawn, offered
from kebu.base.filters.drafts import Box, box_of, read_form
from kebu.base.filters.phrases import heard
from kebu.base.filters.tree import Clause, Group, written
from kebu.base.kit.errors import Unreadable
from kebu.base.ui.htmx import render_page
from kebu.crm.customers.conditions import WHERE, ListQuery, part_of, tidied
from kebu.crm.customers.facets import VERBS, facets
from kebu.crm.customers.tabs import list_count
from kebu.office.staff.queries import signed_in

CARRIED = ("view", "q", "sort", "look", "by")


@dataclass(frozen=True)
class Form:
    """What every row of the form needs."""

    url: str
    offered: list[tuple[str, list[Option]]]


@requires(Permission.CUSTOMER_VIEW)
@require_GET
def builder(request: HttpRequest) -> HttpResponse:
    """The form as its address, or what was typed into it, says; «apply» leads to the list."""
    user = signed_in(request)
    context = Context(owner_ids=user.owner_ids(Permission.CUSTOMER_VIEW), reader=user)
    is_sent = "built" in request.GET
    asked = ListQuery(_carried(request.GET) if is_sent else tidied(request.GET), user, context)
    box = read_form(request.GET, asked.find) if is_sent else box_of(whole(asked), asked.find)
    known = facets(context)
    said = heard(request.GET.get("say", ""), known, VERBS, context)
    box.parts += box_of(Group(said.parts), asked.find).parts
    query, problem = _query_of(box.placed(), asked)
    if not asked.tree.parts and asked.reading.problems:  # what cannot be read has no rows to show
        problem = asked.reading.problems[0]
    if request.GET.get("do") == "apply" and not problem and not query.problems and not said.unread:
        return redirect(reverse("customers:list") + query.address())
    if request.GET.get("do") == "simple" and not problem:
        return redirect(reverse("customers:conditions") + query.address())
    parts = {
        "nav": "customers:list",
        "query": query,
        "box": drawn(box, context),
        "form": Form(reverse("customers:filter"), offered(known)),
        "carried": [(name, asked.params[name]) for name in CARRIED if asked.params.get(name)],
        "count": list_count(query),
        "problem": problem,
        "unread": said.unread,
    }
    return render_page(request, "customers/filter.html", parts, fragment=("sheet", "builder", "matches"))


def whole(query: ListQuery) -> Group:
    """All conditions of an address as one tree."""
    clauses = tuple(condition.clause for condition in query.conditions)
    if not clauses:
        return query.tree
    joined = (query.tree,) if query.tree.is_any else query.tree.parts
    return Group((*clauses, *joined))


def address_parts(group: Group) -> list[tuple[str, str]]:
    """A tree as parts of an address: what holds by itself plainly, what is joined in one part."""
    group = group.tidied()
    if group.is_any:
        return [(WHERE, written(group))]
    plain: dict[str, tuple[str, ...]] = {}
    rest: list[Clause | Group] = []
    for part in group.parts:
        name, texts = part_of(_short(part)) if isinstance(part, Clause) else ("", ())
        if name and name not in plain:
            plain[name] = texts
        else:
            rest.append(part)
    pairs = [(name, text) for name, texts in plain.items() for text in texts]
    return pairs + ([(WHERE, written(Group(tuple(rest)).tidied()))] if rest else [])


def _short(clause: Clause) -> Clause:
    """Days told from today as the short form of conditions writes them."""
    if clause.operator == Operator.WITHIN:
        return Clause(clause.name, Operator.IS.value, clause.texts)
    return clause


def _carried(sent: QueryDict) -> QueryDict:
    return QueryDict(urlencode([(name, sent[name]) for name in CARRIED if sent.get(name)]))


def _query_of(box: Box, asked: ListQuery) -> tuple[ListQuery, str]:
    """The list that the form asks for, and why it cannot be asked for."""
    pairs, problem = [(name, asked.params[name]) for name in CARRIED if asked.params.get(name)], ""
    try:
        pairs += address_parts(box.group().checked())
    except Unreadable as refusal:
        problem = refusal.message
    if len(pairs) == len([name for name, _text in pairs if name == "view"]):
        pairs.append(("view", asked.outlook.code))
    return ListQuery(QueryDict(urlencode(pairs)), asked.user, asked.context), problem
