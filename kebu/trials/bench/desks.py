"""The desk of who leads the sales centre, and of one of its salespeople, each beside its floor."""

from kebu.trials.bench.cases import Cases, beside_floor
from kebu.trials.bench.measure import Result
from kebu.trials.bench.people import PASSWORD, REP, SUPERVISOR
from kebu.trials.site.browser import Browser
from kebu.trials.site.installation import Installation

WHOSE = {"desk_team": SUPERVISOR, "desk_rep": REP}


def desks(site: Installation, cases: Cases) -> list[Result]:
    """Cases desk_…: nearly all customers are those of the centre, and the salesperson has his share."""
    found = []
    for name, username in WHOSE.items():
        browser = Browser.signed_in(site.port, username, PASSWORD)
        found.append(beside_floor(name, "/", browser, cases.customers))
    return found
