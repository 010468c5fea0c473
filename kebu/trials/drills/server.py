"""A server that is killed and started again while a client goes on asking."""

import contextlib
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from kebu.trials.drills.ground import Ground
from kebu.trials.drills.strikes import Victim, strike
from kebu.trials.site.browser import Answer, Unanswered

PATIENCE = 90.0
PAUSE = 0.1


class Server:
    """`kebu run` on the ground; use it as a context manager."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self.supervisor = self.stack.enter_context(self.ground.running())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stack.close()

    def suffer(self, victim: Victim) -> None:
        """Lose processes to kill -9."""
        strike(self.supervisor, victim)

    def revive(self) -> None:
        """Start the supervisor again when it was killed too, as a person would; the rest it does itself."""
        if self.supervisor.poll() is not None:
            self.stack.close()
            self.__enter__()

    def persist(self, ask: Callable[[], Answer]) -> Answer:
        """Ask until there is an answer: the same request again, with the same key, whoever died meanwhile."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return ask()
            except Unanswered:
                if time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE)
                self.revive()
