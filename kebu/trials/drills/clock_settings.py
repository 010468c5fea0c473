"""Settings of an installation whose clock a drill puts forward and back."""

from kebu.project.settings import *  # noqa: F403
from kebu.project.settings import DATA_DIR
from kebu.trials.drills.clockwork import install

install(DATA_DIR)
