"""What one run of the tests judges for both databases."""

import os

import pytest

is_second = os.environ.get("KEBU_TEST_DATABASE") == "postgres"
looks = pytest.mark.skipif(
    is_second,
    reason="what the browser does alone is the same with both databases; the run on SQLite judges it",
)
words = pytest.mark.skipif(
    is_second,
    reason="what a page offers is written by the same code with both databases; the run on SQLite judges it",
)
