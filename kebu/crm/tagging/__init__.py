"""tagging 打标签: tags on many customers at once, and tags that rules give by themselves.

Owns adding and taking away tags by the thousand with a preview of what comes of it, merging one tag into
another over all customers, TagRule (a filter, and the tag of whoever fulfils it), and AutoTag: why a customer
has a tag that nobody gave by hand, or that somebody took it away from him. It never keeps the tags
themselves: those lie in the customer's row.
"""
