"""reminders 提醒: that nobody is forgotten: who is told what, when, exactly once.

Owns the rules (ReminderPolicy) by which plans, follow-ups, promises, customers and recurring needs are
reminded of, what each person wants of them (Wish), how far they have been read (Mark), and the rhythm in
which a customer buys (NeedCycle). It reads the rooms below and writes notices, nothing else; their keys make
each reminder one.
"""
