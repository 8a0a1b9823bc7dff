"""The list of cost rules, which is the cost model: what it posts, and explains, nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlprofit.ledger.costs import (
    activities,
    balances,
    commissions,
    direct_costs,
    expected_loss,
    financing,
    idle_capacity,
    sales,
)

if TYPE_CHECKING:
    from xlprofit.ledger.costs.rule import CostRule

RULES: tuple[CostRule, ...] = (
    sales.RULE,
    direct_costs.RULE,
    activities.RULE,
    financing.RULE,
    balances.RULE,
    expected_loss.RULE,
    idle_capacity.RULE,
    commissions.RULE,
)
"""Every cost rule. Rows of the ledger are told apart by their source, so the order does not matter."""
