"""bulk 批量写入: many rows of any model with one prepared statement, inserted or read.

For imports, histories, the journal, and pages that ask the same of every customer. It knows no model and
decides nothing; validation is the caller's.
"""
