"""The cost rules, one a file: what each posts to the ledger, and explains row by row."""
