"""journal 操作日志: who changed what, from what to what, when, from where and through which door.

Append-only rows written in the transaction of the change itself. It knows records only by kind and number,
never by model, so every room can write here. It never decides whether a change is allowed.
"""
