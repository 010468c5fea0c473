"""calendar 日历: what falls on which day, for one person: follow-ups, plans, promises,
contracts that end, purchases, care, birthdays.

What there is to show is said by a ``Source`` for each kind (sources.py), with the verb that moves it. The
calendar draws days, weeks and months of it and hands out everybody's feed (iCalendar) under a token of which
only the digest is kept. Owns nothing but the feeds.
"""
