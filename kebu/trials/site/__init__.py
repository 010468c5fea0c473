"""site 试验场: a throw-away installation with its own folder, database and server, and a browser to drive it.

Used by bench and drills. It reaches the product only as a person does: by commands and over HTTP on loopback.
"""
