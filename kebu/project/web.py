"""The web process: Granian serving the WSGI application on the loopback address."""

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from kebu.project import env, occupancy
from kebu.project.lifeline import end_with_parent


def main() -> None:
    """Serve until told to stop."""
    end_with_parent()
    occupancy.work_on(env.data_folder())
    Granian(
        "kebu.project.wsgi:application",
        address="127.0.0.1",
        port=env.number("KEBU_PORT", 1, 65535),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=env.number("KEBU_THREADS", 1, 64),
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,  # its own start and stop lines say nothing to the reader
    ).serve()


if __name__ == "__main__":
    main()
