"""dedupe 查重: finds customers that are the same one.

Compares normalised names and phones (of contacts too) across all owners, and answers without telling
what the asker may not see (D3, 撞单). It never merges or changes anything.
"""
