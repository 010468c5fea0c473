"""bench 测速: what a page costs over what it could cost at least, measured in one run on one machine.

Owns ``kebu bench``: the real server over HTTP on the loopback address, and the floors it compares with.
Its addresses exist only in the server it starts itself; it never touches real data.
"""
