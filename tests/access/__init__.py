"""Who reaches what: every address, verb and viewer, and what nobody may learn of records he does not see."""
