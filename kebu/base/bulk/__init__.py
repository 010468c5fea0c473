"""bulk 批量写入: inserts many rows of any model with one prepared statement.

For imports, histories and the journal. It knows no model and decides nothing; validation is the caller's.
"""
