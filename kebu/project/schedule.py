"""Recurring jobs of the house, in Shanghai time; missed while the machine was off: done at the next start.

Jobs of workers that died are queued again by the worker itself, every second.
"""

from datetime import time

from kebu.base.jobs.recurring import Recurring
from kebu.project import env

SCHEDULE = (
    Recurring("backups.daily", daily_at=time(env.number("KEBU_BACKUP_HOUR", 0, 23))),
    Recurring("files.sweep", daily_at=time(3, 20)),  # uploads that never became a file
    Recurring("recycling.purge", daily_at=time(3, 50)),  # what lay in the bin for KEBU_RECYCLE_DAYS
    Recurring("signin.sweep", daily_at=time(3, 0)),  # sessions that have ended
    Recurring("jobs.purge", daily_at=time(3, 10)),  # finished jobs older than 30 days
    Recurring("audit.tend", every_minutes=5),  # denied attempts into the journal, an anchor behind it
    Recurring("audit.trim", daily_at=time(3, 40)),  # journal entries older than KEBU_JOURNAL_DAYS
    Recurring("audit.verify", daily_at=time(4, 0)),  # the whole journal read and compared
    Recurring("privacy.tend", daily_at=time(3, 55)),  # data of people that is kept no longer
    Recurring("customers.roll_ups", daily_at=time(0, 20)),  # counts of the last so many days
    Recurring("custom_fields.indexes", daily_at=time(3, 25)),  # those of own fields that are missing
    Recurring("customers.shares", daily_at=time(0, 10)),  # shares whose last day has passed
    Recurring("segments.tend", daily_at=time(0, 20)),  # monthly snapshots, what was deleted 30 days ago
    Recurring("tagging.tend", daily_at=time(0, 30)),  # tags by rules that days decide
    Recurring("disputes.forget", daily_at=time(3, 15)),  # what the duplicate check told 90 days ago
    Recurring("jobs.analyze", daily_at=time(3, 30)),  # figures for the query planner
)
