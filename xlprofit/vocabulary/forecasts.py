"""The figures of the outlook that a formula looks up. Standard library only."""

from __future__ import annotations

EXPECTED = "expected_profit"
"""The figure that has a low and a high end."""

BOUNDS = {"expected": EXPECTED, "low": "expected_low", "high": "expected_high"}
"""The column of each bound of the expected profit."""

FORECASTS = (
    EXPECTED,
    *("run_rate", "chance_active", "retention", "lifetime_value", "lifetime_profit"),
    *("acquisition_cost", "payback_months"),
)
"""What a formula may ask of a customer's outlook."""
