"""What Excel sees: the functions, the macros and the add-in. Thin: an argument, a call, a value."""

CATEGORY = "Customer profit"
"""The name of the ribbon's tab, and of the category in which the function wizard lists the formulas."""
