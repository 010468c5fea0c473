"""contacts 联系人: the people at a customer and their role in the decision.

Owns Contact and its fields; tells the customer the facts that lists and search need (names, phones, key
contact). Who sees a contact is decided by its customer alone.
Owns the form of 新建客户 as well (enrolment_*): it makes a customer with its first contact, and the room
customers knows of no contacts.
"""
