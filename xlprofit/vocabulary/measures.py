"""Measures: the lines of a P&L, and what each is the sum of."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Measure(str, Enum):
    """A line of the P&L of a customer or of the company, or the margin. Costs are negative."""

    GROSS_REVENUE = "gross_revenue"
    DISCOUNTS = "discounts"
    RETURNS = "returns"
    NET_REVENUE = "net_revenue"
    COGS = "cogs"
    GROSS_MARGIN = "gross_margin"
    COST_TO_ACQUIRE = "cost_to_acquire"
    COST_TO_SERVE = "cost_to_serve"
    OPERATING_PROFIT = "operating_profit"
    COST_OF_CREDIT = "cost_of_credit"
    PROFIT = "profit"
    MARGIN = "margin"
    CHANNEL_COST = "channel_cost"
    CORPORATE_COST = "corporate_cost"
    IDLE_CAPACITY = "idle_capacity"
    UNASSIGNED_COST = "unassigned_cost"
    COMPANY_PROFIT = "company_profit"

    __str__ = str.__str__


CAPACITY = "capacity"
"""The section of idle and unassigned cost, which is no line of a customer's P&L."""


def _list_texts(*measures: Measure) -> tuple[str, ...]:
    return tuple(map(str, measures))


_ALL = tuple(Measure)

MEASURES = _list_texts(*_ALL[: _ALL.index(Measure.PROFIT) + 1])
"""The lines of a customer's P&L, top to bottom. Costs are negative, so every subtotal is a sum."""

LOOKED_UP = (*MEASURES, str(Measure.MARGIN))
"""What a formula may ask of a customer's P&L."""

SUBTOTALS: Mapping[str, tuple[str, ...]] = {
    str(Measure.NET_REVENUE): _list_texts(Measure.GROSS_REVENUE, Measure.DISCOUNTS, Measure.RETURNS),
    str(Measure.GROSS_MARGIN): _list_texts(Measure.NET_REVENUE, Measure.COGS),
    str(Measure.OPERATING_PROFIT): _list_texts(
        Measure.GROSS_MARGIN, Measure.COST_TO_ACQUIRE, Measure.COST_TO_SERVE
    ),
    str(Measure.PROFIT): _list_texts(Measure.OPERATING_PROFIT, Measure.COST_OF_CREDIT),
}
"""What each subtotal of the P&L is the sum of."""

POSTED = (*(measure for measure in MEASURES if measure not in SUBTOTALS), CAPACITY)
"""The sections of the P&L that ledger rows fall into; ``capacity`` is idle and unassigned cost."""

BELOW = _list_texts(
    Measure.CHANNEL_COST, Measure.CORPORATE_COST, Measure.IDLE_CAPACITY, Measure.UNASSIGNED_COST
)
"""What stands below the customers' profit and is spread over nobody."""

COMPANY_LINES = (*MEASURES, *BELOW, str(Measure.COMPANY_PROFIT))
"""The lines of the company's P&L, top to bottom."""


def _find_parts(measure: str) -> tuple[str, ...]:
    terms = SUBTOTALS.get(measure)
    return (measure,) if terms is None else tuple(part for term in terms for part in _find_parts(term))


PARTS: Mapping[str, tuple[str, ...]] = {measure: _find_parts(measure) for measure in MEASURES}
"""The posted sections that each measure is the sum of, in the end."""


def find_measures(section: str) -> tuple[str, ...]:
    """Return the measures that a posted section is a part of, top to bottom.

    >>> find_measures("cogs")
    ('cogs', 'gross_margin', 'operating_profit', 'profit')
    """
    return tuple(measure for measure in MEASURES if section in PARTS[measure])
