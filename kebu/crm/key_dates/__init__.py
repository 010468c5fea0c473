"""key_dates 重要日子: days of a customer that must not pass unseen: contracts that end, needs, care.

Owns KeyDate: what for, when next, how often it comes again (by the solar or the lunar calendar) and how many
days before its time to act begins. It reminds nobody itself: reminders, desk and calendar read it.
"""
