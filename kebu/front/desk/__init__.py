"""desk 工作台: what is to be done today, in one queue, and done in place.

Composes what customers, plans, promises and contacts offer; owns no rows. Postponing and logging go through
their verbs.
"""
