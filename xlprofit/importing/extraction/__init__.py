"""Extraction: an export read as a profile says, row by row and column by column, into a table."""
