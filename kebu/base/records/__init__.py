"""records 记录: the one write path.

Owns what every editable row shares (version, when made and changed), the change of fields by compare-and-set
with merge and conflict, and idempotency of creates. Every change of fields lands in the journal in the same
transaction.
It never knows which record it writes: fields tell.
"""
