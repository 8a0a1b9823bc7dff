"""Figures as JSON, with what is missing from them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from xlprofit.drawing.digits import round_digits


def render_json(
    currency: str, customers: pd.DataFrame, left_out: pd.DataFrame, name: str = "customers"
) -> str:
    """Return P&Ls as a JSON object: ``currency``, ``customers``, or another ``name`` for them, and ``left_out``.

    Money has 15 significant digits, a date is ``2024-03-06``; what is unknown is ``null``. ``left_out`` has for each
    table of which errors left rows out how many, and about which ``share`` of its money they are.
    """
    said = {
        "currency": currency,
        name: _build_json_records(customers),
        "left_out": _build_json_records(left_out),
    }
    return json.dumps(said, ensure_ascii=False, indent=2, allow_nan=False)


def _build_json_records(frame: pd.DataFrame) -> list[dict[str, object]]:
    plain = frame.reset_index()
    for name in plain.columns[plain.dtypes == np.float64]:
        rounded = round_digits(plain[name].to_numpy())
        plain[name] = pd.Series(rounded, dtype=object).where(~np.isnan(rounded), None)
    for name in plain.select_dtypes("datetime").columns:
        plain[name] = plain[name].dt.strftime("%Y-%m-%d")
    plain = plain.astype(object).where(plain.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]
