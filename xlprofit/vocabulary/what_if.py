"""What a scenario may change: the inputs that a controller would turn."""

from __future__ import annotations

from enum import Enum


class Changed(str, Enum):
    """An input that a scenario changes; :mod:`xlprofit.comparison.scenarios` says how each is applied."""

    PRICE = "price"
    VOLUME = "volume"
    ELASTICITY = "elasticity"
    DISCOUNT = "discount"
    COST_OF_GOODS = "cost of goods"
    DIRECT_COSTS = "direct costs"
    ACTIVITY = "activity"
    ACTIVITY_RATE = "activity rate"
    RESOURCE_COST = "resource cost"
    CAPACITY = "capacity"
    PAYMENT_DAYS = "payment days"
    RETENTION = "retention"

    __str__ = str.__str__


CHANGED = tuple(map(str, Changed))
"""What a scenario may change, in the order in which changes are applied."""

LEVELLED = (Changed.DISCOUNT, Changed.PAYMENT_DAYS, Changed.RETENTION, Changed.ELASTICITY)
"""What a number without a sign sets to a level; of all else it changes by a share."""
