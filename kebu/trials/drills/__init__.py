"""drills 演练: faults on purpose, and a count of what was lost, doubled or wrong.

Owns ``kebu drills``: bounded, on loopback, on an installation of its own; what the client was told
is kept by the client and compared with the database afterwards. It never touches real data.
"""
