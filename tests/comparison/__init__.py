"""Tests of comparisons and scenarios."""
