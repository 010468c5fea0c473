"""reminders 提醒: that nobody is forgotten: who is told what, when, exactly once.

Owns the rules (ReminderPolicy) by which plans, follow-ups, promises, customers, purchases and key dates are
reminded of, what each person wants of them (Wish), and how far they have been read (Mark). It reads the rooms
below and writes notices, nothing else; their keys make each reminder one.
"""
