"""imports 导入: a spreadsheet in, checked row by row, corrected, brought in, accounted for.

Owns Import (one file with its mapping and counts) and ImportRow (what was read of one row, what is wrong
with it, what became of it). Customers are made and changed only through the verbs of contacts and customers.
"""
