"""sentences: one sentence about a contact, taken apart by rules: how, with whom, when, what was promised, what
comes next. Pure functions; ``reading.read_sentence`` is the door, ``lexicon`` says what goes in and comes out.
"""
