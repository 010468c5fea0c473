"""exchange: what comes in as files (imports), and which customers are the same one (dedupe)."""
