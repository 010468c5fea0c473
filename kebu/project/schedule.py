"""Recurring jobs of the house, in Shanghai time; the page 定时任务 shows this table.

A time missed while the machine was off is made up for once at the next start, however many there were.
``is_calm``: what throws away for good waits an hour first; ``latest_minutes``: later than that it is let go.
Jobs of workers that died are queued again by the worker itself, every second.
"""

from datetime import time

from kebu.base.jobs.recurring import Recurring
from kebu.project import env

SCHEDULE = (
    Recurring("backups.daily", daily_at=time(env.number("KEBU_BACKUP_HOUR", 0, 23))),
    Recurring("files.sweep", daily_at=time(3, 20), is_calm=True),  # uploads that never became a file
    Recurring("exports.sweep", daily_at=time(3, 45)),  # files of exports whose days are over
    Recurring("recycling.purge", daily_at=time(3, 50), is_calm=True),  # in the bin for KEBU_RECYCLE_DAYS
    Recurring("signin.sweep", daily_at=time(3, 0)),  # sessions that have ended
    Recurring("jobs.purge", daily_at=time(3, 10), is_calm=True),  # finished jobs older than 30 days
    Recurring("audit.tend", every_minutes=5),  # denied attempts into the journal, an anchor behind it
    Recurring("audit.trim", daily_at=time(3, 40), is_calm=True),  # journal older than KEBU_JOURNAL_DAYS
    Recurring("audit.verify", daily_at=time(4, 0)),  # the whole journal read and compared
    Recurring("privacy.tend", daily_at=time(3, 55), is_calm=True),  # data of people that is kept no longer
    Recurring("customers.roll_ups", daily_at=time(0, 20)),  # counts of the last so many days
    Recurring("custom_fields.indexes", daily_at=time(3, 25)),  # those of own fields that are missing
    Recurring("customers.shares", daily_at=time(0, 10), is_calm=True),  # shares that have ended
    Recurring("segments.tend", daily_at=time(0, 20), is_calm=True),  # snapshots; what was deleted
    Recurring("tagging.tend", daily_at=time(0, 30)),  # tags by rules that days decide
    Recurring("cadence.tend", daily_at=time(0, 40)),  # plans that come into reach, rules that begin
    Recurring("pool.tend", daily_at=time(0, 50)),  # owners warned; who was warned comes into the pool
    Recurring("churn.watch", daily_at=time(0, 55)),  # signals that come and go with the days
    Recurring("purchases.watch", daily_at=time(1, 0)),  # who buys more, or no more, with the days
    Recurring("disputes.forget", daily_at=time(3, 15), is_calm=True),  # answers of 90 days ago
    Recurring("notices.send", every_minutes=5),  # what waited: quiet hours ended, workers died
    Recurring("notices.trim", daily_at=time(3, 45), is_calm=True),  # read half a year ago
    Recurring("reminders.due", every_minutes=5),  # what comes near, or should be confirmed by now
    Recurring("reminders.daily", daily_at=time(8, 20)),  # late, forgotten, promised, recurring
    Recurring("reminders.digest", daily_at=time(8, 30), latest_minutes=180),  # what the day brings
    Recurring("jobs.analyze", daily_at=time(3, 30)),  # figures for the query planner
)
