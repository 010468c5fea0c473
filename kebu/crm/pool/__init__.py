"""pool 公海: customers without an owner, how they come there and who may have them.

Owns PoolEntry (one stretch of a customer in the pool: since when, why, whose it was) and PoolPolicy (how much
one may claim). Its list is a narrow window on customers that nobody owns: it shows who they are, never how to
reach them, and leaves ``visible_to`` alone. Owners change through the verbs of customers.
"""
