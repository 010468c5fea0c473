"""exchange: what goes in and out as files (imports)."""
