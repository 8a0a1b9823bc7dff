"""The tie-out: what the ledger says, line by line, against what the general ledger says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit import ledger as books
from xlprofit.model import periods
from xlprofit.tables import Inputs, header_key

HALF_A_CENT = 0.005
"""Two amounts of money are the same where they differ by less than this."""


def compare(inputs: Inputs, ledger: pd.DataFrame, resources: pd.DataFrame) -> pd.DataFrame:
    """Return each control total beside what the ledger says for its line.

    A line is a measure of the company's P&L (``net_revenue``, ``company_profit``), a resource (its cost as
    given), a group, or a line of the ledger. A cost in the books may have either sign. ``ledger`` and
    ``difference`` (ledger − control) are blank where the line or the period is unknown; ``ties`` is true
    where they differ by less than half a cent.

    Args:
        inputs: the tables, ControlTotals among them.
        ledger: the ledger.
        resources: the capacity table by resource and period.
    """
    table = inputs["ControlTotals"]
    rows = []
    for line, amount, text, row in zip(
        table["line"].astype(str), table["amount"], table["period"], table["row"], strict=True
    ):
        said = _said(line, str(text), inputs, ledger, resources)
        sign = -1.0 if said < 0 < amount else 1.0
        rows.append((line, text, amount, said, said - sign * amount, row))
    frame = pd.DataFrame(rows, columns=["line", "period", "control", "ledger", "difference", "row"])
    frame = frame.astype({"control": float, "ledger": float, "difference": float})
    return frame.assign(ties=(frame["difference"].abs() < HALF_A_CENT).to_numpy(dtype=bool))


def _said(line: str, text: str, inputs: Inputs, ledger: pd.DataFrame, resources: pd.DataFrame) -> float:
    """Return the ledger's amount for a line and period, NaN where it has neither."""
    key = header_key(line)
    labels = periods.labels(inputs.settings)
    wanted = [labels[i] for i in periods.within(text, inputs.settings)] if text else [*labels, ""]
    dated = ledger[ledger["period"].isin(wanted).to_numpy()]
    if not wanted:
        return np.nan
    lines = {header_key(name): name for name in books.COMPANY_LINES}
    if key in lines:
        return float(books.company(dated)[lines[key]])
    names = {header_key(name): name for name in resources.index.unique("resource")}
    if key in names or key == "resources":
        cost = resources["own_cost"]
        cost = cost if key == "resources" else cost.xs(names[key], level="resource")
        cost = cost[cost.index.get_level_values("period").isin(wanted)]
        return -float(cost.sum()) if len(cost) else np.nan
    for column in ("group", "line"):
        known = {header_key(name): name for name in ledger[column].cat.categories}
        if key in known:
            return float(dated.loc[(dated[column] == known[key]).to_numpy(), "amount"].sum())
    return np.nan
