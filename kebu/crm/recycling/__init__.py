"""recycling 回收站: where deleted customers, contacts, interactions and files lie until they are purged.

What is deleted is moved, not flagged: the rows leave their tables, with all that hangs on them, for one text
of this room, so that no query elsewhere can show them. Restoring puts the same rows back, to the byte.
Rooms above declare in trees.py what hangs on what. It also reads a batch backwards (reverting.py).
It never decides how long the journal lives: entries of what was deleted stay.
"""
