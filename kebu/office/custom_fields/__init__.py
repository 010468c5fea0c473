"""custom_fields 自定义字段: the fields an office adds to the born ones.

Owns OwnField (what is asked, how it is typed, where it stands, who may see it) and OwnOption (what can be
chosen), turns them into ``Field`` for the sets of fields, keeps one index for each in the tables of the
records, and the pages where the office defines them, throws them away and brings them back. Values lie with
the records, in their JSON column. It never reads a value itself and knows records only by the kind of their
set.
"""
