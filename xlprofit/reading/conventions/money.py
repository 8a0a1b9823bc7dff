"""Money: which currencies have three decimals."""

from __future__ import annotations

THREE_DECIMALS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
"""Currencies whose smallest unit is a thousandth (ISO 4217)."""
