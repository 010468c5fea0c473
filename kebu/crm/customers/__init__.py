"""customers 客户: the customer, its fields, list and verbs.

Owns Customer with everything said of it (fields.py), its number, its owner and the fact columns that lists
sort and filter by (last contact, next follow-up, contact names); rooms above write facts through verbs here.
Owns the customer list: outlooks are its tabs, conditions read its address, rows draw it, bulk acts on it.
It never knows contacts, interactions or any other thing that hangs on a customer.
"""
