"""pool 公海: customers without an owner, how they come there and who may have them.

Owns PoolEntry (one stretch of a customer in the pool: since when, why, whose it was), PoolPolicy (how much
one may claim), PoolRule (when untouched customers come there by themselves) and PoolWarning (that their owner
was told before). Its list is a narrow window on customers that nobody owns: it shows who they are, never how
to reach them, and leaves ``visible_to`` alone. Owners change through the verbs of customers.
"""
