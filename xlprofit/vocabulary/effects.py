"""Effects: what a change of profit between two ledgers is made of."""

from __future__ import annotations

from enum import Enum


class Effect(str, Enum):
    """A part of a change of profit; the parts of a customer's change add up to it."""

    NEW = "new"
    LOST = "lost"
    PRICE = "price"
    VOLUME = "volume"
    MIX = "mix"
    DISCOUNTS = "discounts"
    RETURNS = "returns"
    UNIT_COST = "unit_cost"
    ACTIVITY_VOLUME = "activity_volume"
    EFFICIENCY = "efficiency"
    CAPACITY_RATES = "capacity_rates"
    DIRECT_COSTS = "direct_costs"
    COMMISSIONS = "commissions"
    COST_OF_CREDIT = "cost_of_credit"
    OTHER = "other"

    __str__ = str.__str__
