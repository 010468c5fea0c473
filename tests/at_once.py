"""Several people at work at the same moment, each on a connection of his own."""

import threading
from collections.abc import Callable, Sequence

from django.db import connections

Action = Callable[[], object]


def outcomes(actions: Sequence[Action]) -> list[object]:
    """Run all at once; what each returned, or what went wrong with it."""
    start, found = threading.Barrier(len(actions)), list[object]()

    def run(action: Action) -> None:
        start.wait()
        try:
            found.append(action())
        except Exception as error:  # noqa: BLE001  shown by the test
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def faults(actions: Sequence[Action]) -> list[Exception]:
    """Run all at once; what went wrong."""
    return [one for one in outcomes(actions) if isinstance(one, Exception)]
