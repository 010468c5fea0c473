"""The import wizard as a patient person uses it: the same button again when nothing answered."""
