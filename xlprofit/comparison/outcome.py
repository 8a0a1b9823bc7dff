"""What scenarios come to beside the run that they change: figures, capacity, customers that turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.comparison.bridge import compare
from xlprofit.comparison.side import Side
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

LINES = (
    *(Measure.NET_REVENUE, Measure.GROSS_MARGIN, Measure.COST_TO_SERVE),
    *(Measure.PROFIT, Measure.COMPANY_PROFIT),
)
"""The lines of the company's P&L that scenarios are compared by."""

LEAST = 1e-9
"""The share of its capacity below which a resource is not used otherwise."""


def tabulate_scenarios(results: Results, scenarios: Mapping[str, Results]) -> pd.DataFrame:
    """Return a row for the run as it is (an empty name) and one for each scenario.

    Columns: :data:`LINES` in money; ``change`` of the company's profit; ``losing``, customers with a loss;
    ``turned_profitable`` and ``turned_losing``, customers that cross zero; ``verdicts``, customers whose
    verdict is another.
    """
    rows = {"": _sum_run(results, results)}
    rows |= {name: _sum_run(results, other) for name, other in scenarios.items()}
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("scenario")
    counts = ["losing", "turned_profitable", "turned_losing", "verdicts"]
    return frame.astype(dict.fromkeys(counts, "int64"))


def _sum_run(base: Results, run: Results) -> dict[str, float]:
    lines = {str(line): float(run.company["total"].loc[str(line)]) for line in LINES}
    before, after = base.customers["profit"], run.customers["profit"].reindex(base.names)
    changed = run.decisions["verdict"].reindex(base.names) != base.decisions["verdict"]
    return lines | {
        "change": lines[Measure.COMPANY_PROFIT]
        - float(base.company["total"].loc[str(Measure.COMPANY_PROFIT)]),
        "losing": int((after < 0).sum()),
        "turned_profitable": int(((before < 0) & (after >= 0)).sum()),
        "turned_losing": int(((before >= 0) & (after < 0)).sum()),
        "verdicts": 0 if run is base else int(changed.sum()),
    }


def tabulate_bridges(results: Results, scenarios: Mapping[str, Results]) -> pd.DataFrame:
    """Return the company's bridge from the run as it is to each scenario: scenarios × effects, in money."""
    base = Side(results)
    rows = {name: compare(base, other).company["total"] for name, other in scenarios.items()}
    return pd.DataFrame(rows).T.rename_axis("scenario")


def tabulate_freed_capacity(results: Results, scenarios: Mapping[str, Results]) -> pd.DataFrame:
    """Return the resources that a scenario uses or supplies otherwise, a row a scenario and resource.

    Columns ``scenario``, ``resource``; ``used`` and ``used_after``, ``supplied_after`` in units; ``freed``, units that
    are no longer used, negative where more are; ``missing``, units beyond the capacity; ``rate``, money a unit after;
    ``freed_cost`` and ``missing_cost``, what they cost at it. Blank where no capacity is given.
    """
    parts = []
    for name, other in scenarios.items():
        before, after = results.capacity, other.capacity.reindex(results.capacity.index)
        freed = before["used"] - after["used"]
        missing = (after["used"] - after["supplied"]).clip(lower=0.0)
        moved = (freed.abs() > LEAST * before["used"].abs()) | (
            (after["supplied"] - before["supplied"]).abs() > LEAST * before["supplied"].abs()
        )
        frame = pd.DataFrame(
            {
                "scenario": name,
                "resource": [str(r) for r in before.index],
                "used": before["used"].to_numpy(),
                "used_after": after["used"].to_numpy(),
                "supplied_after": after["supplied"].to_numpy(),
                "freed": freed.to_numpy(),
                "missing": missing.to_numpy(),
                "rate": after["rate"].to_numpy(),
                "freed_cost": (freed * after["rate"]).to_numpy(),
                "missing_cost": (missing * after["rate"]).to_numpy(),
            }
        )
        parts.append(frame[moved.to_numpy()])
    if not parts:
        return pd.DataFrame(columns=["scenario", "resource"])
    return pd.concat(parts, ignore_index=True)


def list_turned_customers(results: Results, scenarios: Mapping[str, Results]) -> pd.DataFrame:
    """Return the customers that cross zero or get another verdict, a row a scenario and customer.

    Columns ``scenario``, ``customer``, ``profit`` and ``profit_after`` in money, ``verdict`` and ``verdict_after``; the
    largest change of profit of a scenario first.
    """
    parts = []
    for name, other in scenarios.items():
        frame = pd.DataFrame(
            {
                "scenario": name,
                "customer": [str(c) for c in results.names],
                "profit": results.customers["profit"].to_numpy(),
                "profit_after": other.customers["profit"].reindex(results.names).to_numpy(),
                "verdict": results.decisions["verdict"].to_numpy(dtype=object),
                "verdict_after": other.decisions["verdict"].reindex(results.names).to_numpy(dtype=object),
            }
        )
        crosses = (frame["profit"] < 0) != (frame["profit_after"] < 0)
        turned = frame[(crosses | (frame["verdict"] != frame["verdict_after"])).to_numpy()]
        size = (turned["profit_after"] - turned["profit"]).abs().to_numpy()
        parts.append(turned.iloc[np.lexsort([np.arange(len(turned)), -size])])
    if not parts:
        return pd.DataFrame(columns=["scenario", "customer"])
    return pd.concat(parts, ignore_index=True)
