"""Settings of the server that is measured: the product's, plus the floors and a counter of statements."""

from kebu.project.settings import *  # noqa: F403
from kebu.project.settings import MIDDLEWARE

ROOT_URLCONF = "kebu.trials.bench.urls"
MIDDLEWARE = [
    "kebu.trials.bench.counting.count_statements",
    *MIDDLEWARE,
    "kebu.trials.bench.opening.open_wide",
]
