"""audit 操作日志: the journal as people read it: in words, filtered, as a file, and whether it is whole.

Owns the page of the journal, the history of one customer, and the words for changes that other pages show
too. Writes nothing but what it tells of itself (an export, a verification); it never changes an entry. Who
sees not everything sees the entries of customers in his scope, and none about staff, roles and settings.
"""
