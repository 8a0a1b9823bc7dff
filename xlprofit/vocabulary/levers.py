"""Levers: what may be done to bring a customer's run rate to zero, or its money in."""

from __future__ import annotations

from enum import Enum


class Lever(str, Enum):
    """What may be done about a customer; :mod:`xlprofit.analysis.levers` and ``collecting`` define each."""

    DISCOUNT = "discount"
    CHEAPER_CHANNEL = "cheaper channel"
    ORDER_FEE = "order fee"
    ACTIVITY_CUT = "activity cut"
    PAYMENT_DAYS = "payment days"
    PRICE = "price"
    STOP_CREDIT = "stop credit"
    PREPAYMENT = "prepayment"
    DUNNING = "dunning"
    ACQUISITION = "acquisition"

    __str__ = str.__str__


_ALL = tuple(map(str, Lever))

LEVERS = _ALL[: _ALL.index("price") + 1]
"""The levers that bring a run rate to zero, in the order in which the first of equals is taken."""

COLLECTING = _ALL[len(LEVERS) : _ALL.index("acquisition")]
"""What is done about a customer that does not pay."""
