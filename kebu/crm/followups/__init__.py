"""followups 跟进计划: what is to be done, with a customer or as a task of its own, by whom, until when.

Owns Plan, who carries it out, how it was put off, and the verbs over it: make, change, postpone, reassign,
wait, complete with the record of what happened, cancel, take back. Plans that people make steer the
customer's next follow-up; those of rules (cadence) never do. Rooms above make plans in bulk, each exactly
once by its ``source_key`` (making.py).
It never reminds anybody by itself and never decides when a customer is due.
"""
