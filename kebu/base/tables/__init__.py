"""tables 表格: how somebody has arranged a table: which columns, in which order, how wide.

Owns Layout (whose, of which table, what) and the one way in which an arrangement is read and written: a list
of [name, width], 0 for a width left to the browser. It knows no columns: rooms tell which there are, and what
they make of names that are gone or hidden by now. Owns the list of tables that may leave the house as files
(registry.py: how a room offers one); room exports makes the files.
"""
