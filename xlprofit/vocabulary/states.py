"""States: where a customer is heading."""

from __future__ import annotations

from enum import Enum


class State(str, Enum):
    """Where a customer is heading; :func:`xlprofit.analysis.trends.read` defines each."""

    PROFITABLE = "Profitable"
    SLIPPING = "Slipping"
    LOSS_MAKING = "Loss-making"
    RECOVERING = "Recovering"
    NEW = "New"
    DORMANT = "Dormant"

    __str__ = str.__str__


STATES = tuple(map(str, State))
"""The states, as they stand in cells."""
