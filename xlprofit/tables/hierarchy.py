"""The words that tables have in common: groups of cost, levels of the cost hierarchy, scopes of commissions."""

from __future__ import annotations

GROUPS = (
    "acquire",
    "commission",
    "order",
    "deliver",
    "service",
    "complaint",
    "loyalty",
    "demand",
    "collect",
)
"""The usual groups of customer cost. A word of the user's own is a group too."""

ACQUIRE_GROUPS = ("acquire", "commission")
"""The groups that make up the cost to acquire; every other group is cost to serve."""

RESERVED_GROUPS = ("revenue", "capacity")
"""Groups of the ledger that no input row may claim."""

LEVELS = ("output-unit", "batch", "customer", "channel", "corporate")
"""The customer cost hierarchy, from what varies with a unit to what belongs to the whole firm."""

UNSPREAD_LEVELS = ("channel", "corporate")
"""Levels whose cost stands below the customers and is never spread over them."""

SCOPES = ("customer", "owner", "segment", "channel", "product", "all")
"""Whom a commission rule is for, the most specific first."""
