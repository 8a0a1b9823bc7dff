"""Proposals: which tables an export holds, and which of its amounts is which, before anybody said so."""
