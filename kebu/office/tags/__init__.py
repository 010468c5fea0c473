"""tags 标签: the words by which the office sorts its customers.

Owns TagGroup (what a word is about, and whether a customer has one of its words only) and Tag (colour, help,
order, other spellings), the kind of field that keeps several of them, and the pages where the office edits
them. Records keep keys, never names. It never knows what is tagged: rooms above tell how much a tag is used.
"""
