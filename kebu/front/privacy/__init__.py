"""privacy 个人信息: what the law asks of who keeps data of people (个人信息保护法).

Owns the page of one person (what is kept and why, consents, copy of everything, erasure), the list of
personal fields, the rules for how long data is kept, and the register by which a restored backup is erased
anew. A person is a contact, or a customer of kind 个人. It never decides who sees a customer.
"""
