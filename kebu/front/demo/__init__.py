"""demo 演示数据: a believable sales team at any size, for trying the product and for timing it.

The same seed on the same day gives the same data. Customers, contacts and histories go through the verbs of
the rooms below; all carries a batch in the journal, by which ``kebu demo --remove`` takes away exactly what
was made. It never touches other rows.
"""
