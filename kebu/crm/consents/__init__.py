"""consents 同意: what a person agreed to, when, how we know, and since when no longer (个人信息保护法).

Owns Consent and its verbs. A person is a contact, or a customer of kind 个人. It never decides who may be
written to: rooms that write to people ask ``agreed``.
"""
