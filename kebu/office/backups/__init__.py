"""backups 备份: one archive of everything, made while people work, and the way back from it.

Owns the archive's format (zip with manifest and seal), the snapshot of either database, checking, restoring,
the folder of kept archives with its retention, and the page for administrators. Tables are written row by row
in a form that both engines read. It knows no room's rows: it takes every table there is. It never restores
while somebody works, and never removes the last good archive by itself.
"""
