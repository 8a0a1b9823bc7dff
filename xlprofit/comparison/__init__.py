"""Comparison: why profit changed between two results, and what if their inputs were others."""
