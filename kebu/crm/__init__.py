"""crm: the daily work with customers (customers, contacts, interactions)."""
