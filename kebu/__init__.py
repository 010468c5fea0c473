"""客簿 Kebu: the customer book of a Chinese sales team. Floors, top to bottom: front, exchange, crm, office, base."""
