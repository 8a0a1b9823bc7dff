"""Lines of the ledger that the model names; activities and ``direct: group`` are named by the user."""

from __future__ import annotations

from enum import Enum


class Line(str, Enum):
    """A line of the ledger that is not an activity."""

    GROSS_REVENUE = "gross_revenue"
    DISCOUNTS = "discounts"
    RETURNS = "returns"
    COGS = "cogs"
    COMMISSION = "commission"
    FINANCING = "financing"
    EXPECTED_LOSS = "expected_loss"
    IDLE = "idle capacity"
    UNASSIGNED = "unassigned cost"

    __str__ = str.__str__
