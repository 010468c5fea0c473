"""A child process ends when its supervisor is gone, however the supervisor ended.

The supervisor keeps the writing end of a pipe open and never writes; to the child, end of file means it died.
"""

import os
import signal
import threading
import time

VARIABLE = "KEBU_LIFELINE_FD"
GRACE_SECONDS = 10


def end_with_parent() -> None:
    """In a child: stop this process once the supervisor has died. Does nothing without a supervisor."""
    descriptor = os.environ.get(VARIABLE, "")
    if descriptor:
        threading.Thread(target=wait_for_end, args=(int(descriptor),), daemon=True).start()


def wait_for_end(descriptor: int) -> None:
    """Block until the pipe closes, then ask this process to stop and, when it does not, leave at once."""
    try:
        while os.read(descriptor, 1):
            pass
    except OSError:  # the variable was inherited, the pipe was not
        return
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
