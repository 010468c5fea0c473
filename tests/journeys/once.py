"""What one run of the tests judges for both databases."""

import os

import pytest

looks = pytest.mark.skipif(
    os.environ.get("KEBU_TEST_DATABASE") == "postgres",
    reason="a page looks the same from both databases; the run on SQLite judges it",
)
