"""reveals 显示: a masked value in full, for one look, under a reason.

Owns the daily count of each person. Every look is an entry of the journal: who, which field of whom, why; the
value itself is not. It shows what the reader's role masks, never what it hides.
"""
