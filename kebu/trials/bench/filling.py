"""What an installation is filled with before it is measured, step by step."""

from collections.abc import Callable

from kebu.trials.site.installation import Installation

MOST_INTERACTIONS = 300_000  # three a customer; of a million customers not all have a history


def people(site: Installation, customers: int) -> None:
    """Staff, customers, contacts and histories."""
    interactions = min(customers * 3, MOST_INTERACTIONS)
    site.command("demo", "--customers", str(customers), "--interactions", str(interactions))


def accounts(site: Installation, _customers: int) -> None:
    """Whoever is signed in besides."""
    site.command("bench_people")


STEPS: dict[str, Callable[[Installation, int], None]] = {"people": people, "accounts": accounts}
