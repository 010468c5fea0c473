"""promises 承诺: what we promised a customer and what the customer promised us, and whether it was kept.

Owns Promise, a row for each promise of an interaction: it follows the interaction's text and day, and adds
how it ended. Counts who keeps what is promised, per responsible person and per customer. It never changes an
interaction: a promise is corrected where it was written down.
"""
