"""office: what the office sets up before the daily work (staff, dictionaries)."""
