"""Workers of a drill, alone or several at once, by a clock that the drill puts."""

import subprocess
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from kebu.trials.drills import clockwork
from kebu.trials.drills.ground import Ground
from kebu.trials.site.installation import KEBU

PATIENCE, GLANCE = 300.0, 0.1
SETTINGS = "kebu.trials.drills.clock_settings"


class Crew:
    """So many workers at once; use it as a context manager, then they are gone, whatever they were at."""

    def __init__(self, ground: Ground, count: int) -> None:
        self.ground, self.count = ground, count
        self.environ = ground.site.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS}
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Start all of them."""
        self.workers = [self._started() for _ in range(self.count)]

    def _started(self) -> subprocess.Popen[bytes]:
        with self.ground.errors.open("ab") as errors:
            return subprocess.Popen(
                [*KEBU, "worker"], env=self.environ, stdout=subprocess.DEVNULL, stderr=errors
            )

    def kill(self) -> None:
        """End all of them by kill -9."""
        for worker in self.workers:
            worker.kill()
        for worker in self.workers:
            worker.wait(30)

    def shift(self, seconds: float) -> None:
        """Put the clock forward, or back by a negative number."""
        folder = self.ground.site.folder
        clockwork.set_offset(folder, clockwork.offset_in(folder) + seconds)

    def wait(self, is_so: Callable[[], bool], what: str, patience: float = PATIENCE) -> float:
        """Wait until it is so; how many seconds that took."""
        start = time.monotonic()
        while not is_so():
            if time.monotonic() - start > patience:
                raise RuntimeError(f"never came: {what}")
            time.sleep(GLANCE)
        return time.monotonic() - start


def shell(ground: Ground, code: str) -> str:
    """Run a line of Python in the installation, by its own clock."""
    before = dict(ground.site.environ)
    ground.site.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    try:
        return ground.site.command("shell", "-v", "0", "-c", code)
    finally:
        ground.site.environ = before
