"""客簿 Kebu: the customer book of a Chinese sales team.

Floors, top to bottom: trials, project, front, exchange, crm, office, base.
"""
