"""profile 客户主页: the one page of a customer, its side panel beside the list, changing a customer by hand.

Composes what customers, contacts and interactions offer: facts with edit in place, the stage, marks of
what is unknown or confirmed, one timeline of contacts and changes, the whole form with three-way conflict.
Owns no data: every write is a verb of the room the data belong to.
"""
