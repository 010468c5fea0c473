"""filters 筛选: conditions over records, joined by and/or, as addresses carry them and as people read them.

A ``Facet`` is something records are found by. A tree of clauses is text in an address, a filter of the
database and a Chinese sentence; whatever in it cannot be understood, or is not open to its reader, lets
nothing through and says why. The room knows no model: rooms of records offer their facets.
"""
