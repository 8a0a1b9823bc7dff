"""Levels of the customer cost hierarchy."""

from __future__ import annotations

from enum import Enum


class Level(str, Enum):
    """What a cost varies with or belongs to."""

    OUTPUT_UNIT = "output-unit"
    BATCH = "batch"
    CUSTOMER = "customer"
    CHANNEL = "channel"
    CORPORATE = "corporate"

    __str__ = str.__str__


LEVELS = tuple(map(str, Level))
"""The customer cost hierarchy, from what varies with a unit to what belongs to the whole firm."""

UNSPREAD_LEVELS = (str(Level.CHANNEL), str(Level.CORPORATE))
"""Levels whose cost stands below the customers and is never spread over them."""
