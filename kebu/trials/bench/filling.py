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


def own_fields(site: Installation, _customers: int) -> None:
    """What the office added: fields of its own, and tags."""
    site.command("bench_fields")


Step = Callable[[Installation, int], None]
PLAIN: dict[str, Step] = {"people": people, "accounts": accounts}
STEPS: dict[str, Step] = {**PLAIN, "own_fields": own_fields}
