"""project: settings, addresses, schedule and the command line.

Python's own SQLite may carry the WAL-reset bug; the bundled, fixed one takes its place before Django loads.
"""

import sys

import pysqlite3

sys.modules.setdefault("sqlite3", pysqlite3)
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
