"""The registry: every formula with what a host needs to offer, explain and call it."""

from __future__ import annotations

from xlprofit.formulas import calculators, lookups
from xlprofit.formulas.function import Function

REGISTRY: dict[str, Function] = {f.name: f for f in (*lookups.FUNCTIONS, *calculators.FUNCTIONS)}
"""Every formula by name, in the order in which documents and the wizard list them."""
