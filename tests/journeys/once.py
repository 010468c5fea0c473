"""What one run of the tests judges for both databases."""

import os

import pytest

looks = pytest.mark.skipif(
    os.environ.get("KEBU_TEST_DATABASE") == "postgres",
    reason="what the browser does alone is the same with both databases; the run on SQLite judges it",
)
