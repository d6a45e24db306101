"""Question → Answer: readers draft, verification judges, the ledger numbers what is cited."""
