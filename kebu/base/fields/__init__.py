"""fields 字段: what a field of a record is, said once.

A ``Field`` joins a column of a model with its ``Kind`` (how values are typed, kept, shown, filtered) and with
what people must know of it (label, help, header synonyms, level, sensitivity). Forms, inline edit, list
columns, filters, import, journal labels read it. Kinds that look things up in tables live in the rooms of
those tables.
"""
