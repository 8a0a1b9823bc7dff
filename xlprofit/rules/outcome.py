"""What the figures themselves show: resources over capacity or unused, control totals that do not tie out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from xlprofit.addresses import format_address
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.messages import _, join_messages
from xlprofit.reading.faults import quote_value
from xlprofit.tables import Inputs


def check_outcome(inputs: Inputs, capacity: pd.DataFrame, tie_out: pd.DataFrame) -> list[Finding]:
    """Return the findings about a run's figures.

    Args:
        inputs: the tables of the run.
        capacity: the capacity table by resource and period.
        tie_out: the ledger against the control totals.
    """
    return [*_check_resource_use(inputs, capacity), *_check_control_totals(inputs, tie_out)]


def _check_resource_use(inputs: Inputs, capacity: pd.DataFrame) -> list[Finding]:
    found = []
    rows = inputs["Resources"].groupby(inputs["Resources"]["resource"].astype(str))["row"].min()
    units = inputs["Resources"].drop_duplicates("resource").set_index("resource")["unit"]
    over = capacity[capacity["used"] > capacity["supplied"] * (1 + 1e-9)]
    for resource, table in _split_by_resource(over):
        share = (table["used"] / table["supplied"]).to_numpy()
        worst = int(share.argmax())
        told = {
            "resource": resource,
            "used": table["used"].iloc[worst],
            "unit": units[resource] or _("units"),
            "supplied": table["supplied"].iloc[worst],
            "period": str(table.index.get_level_values("period")[worst]),
        }
        what = _describe_over_capacity(len(table), told)
        found.append(
            _build_row_finding(inputs, "M01", "Resources", "resource", int(rows[resource]), what, len(table))
        )
    unused = capacity[capacity["unassigned"] > 0]
    for resource, table in _split_by_resource(unused):
        what = phrase(
            "M02",
            "assigned_nobody_since",
            amount=table["unassigned"].sum(),
            resource=resource,
        )
        found.append(
            _build_row_finding(inputs, "M02", "Resources", "resource", int(rows[resource]), what, len(table))
        )
    free = capacity[(capacity["used"] > 0) & (capacity["cost"].abs() <= 0) & capacity["supplied"].isna()]
    for resource, table in _split_by_resource(free):
        periods = [str(key[1]) for key in table.index if key[1]]
        what = phrase("M03", "used_but_no", resource=resource)
        if periods:
            what = phrase(
                "M03",
                "used_but_no_cost",
                resource=resource,
                periods=_list_some_periods(periods),
            )
        found.append(
            _build_row_finding(inputs, "M03", "Resources", "resource", int(rows[resource]), what, len(table))
        )
    return found


def _describe_over_capacity(count: int, told: dict[str, Any]) -> str:
    """Return in words that a resource is over capacity: in how many periods, and where the most."""
    if count > 1 and told["period"]:
        return phrase(
            "M01",
            "over_capacity_periods",
            n=count,
            **told,
        )
    if count > 1:
        return phrase(
            "M01",
            "over_capacity_periods_most",
            n=count,
            **told,
        )
    if told["period"]:
        return phrase("M01", "over_capacity_used_2", **told)
    return phrase("M01", "over_capacity_used", **told)


def _split_by_resource(capacity: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(str(resource), table) for resource, table in capacity.groupby(level="resource", sort=True)]


def _list_some_periods(periods: list[str]) -> str:
    named = ", ".join(periods[:3])
    return _("{named} and {n:,} more", named=named, n=len(periods) - 3) if len(periods) > 3 else named


def _check_control_totals(inputs: Inputs, tie_out: pd.DataFrame) -> list[Finding]:
    found = []
    for line in tie_out.to_dict("records"):
        name = f"{line['line']} {line['period']}".strip()
        if pd.isna(line["difference"]):
            what = phrase("M05", "no_line_group", name=name)
            found.append(_build_row_finding(inputs, "M05", "ControlTotals", "line", int(line["row"]), what))
        elif not line["ties"]:
            what = phrase(
                "M04",
                "does_not_tie",
                name=name,
                control=line["control"],
                ledger=line["ledger"],
                difference=line["difference"],
            )
            found.append(_build_row_finding(inputs, "M04", "ControlTotals", "amount", int(line["row"]), what))
    return found


ROUND_AND_ROUND = 100.0
"""What passes through a resource, as a multiple of all cost, above which its shares are hardly meant so."""


def check_allocation(inputs: Inputs, rounds: pd.Series, is_allocated: bool) -> list[Finding]:
    """Return the warnings of cost that hardly leaves a loop of shares, or the error of cost that was not allocated.

    Args:
        inputs: the tables of the run.
        rounds: what passes through each resource in stage one, as a multiple of all cost.
        is_allocated: whether the shares could be followed at all.
    """
    shares = inputs["Allocations"]
    if not is_allocated:
        row = int(shares["row"].min())
        what = phrase("M15", "not_allocated")
        return [_build_row_finding(inputs, "M15", "Allocations", "share", row, what, len(shares))]
    found = []
    for resource, times in rounds[rounds > ROUND_AND_ROUND].sort_index().items():
        of = shares[(shares["from"] == resource).to_numpy()]
        what = phrase("M14", "hardly_leaves", resource=quote_value(str(resource)), times=round(times))
        row = int(of["row"].min())
        found.append(_build_row_finding(inputs, "M14", "Allocations", "share", row, what, len(of)))
    return found


FIRST = 3
"""So many activities are named as those to time first."""


def check_stated_rates(inputs: Inputs, rates: pd.DataFrame) -> list[Finding]:
    """Return the warning of rates that the minutes paid contradict, and the note of those that need no timing.

    ``rates`` is the table of :func:`xlprofit.analysis.rate_check.check_rates`. Nothing is said of rates that are too
    small to matter where no other is in doubt.
    """
    outside = rates[rates["outside"].to_numpy(dtype=bool)]
    if not len(outside):
        return []
    named = join_messages("; ", (_describe_rate(row) for row in outside.head(FIRST).to_dict("records")))
    what = phrase("M07", "time_first", n=len(outside), rates=named)
    row = int(outside["row"].iloc[0])
    found = [_build_row_finding(inputs, "M07", "Activities", "rate", row, what, len(outside))]
    small = rates[rates["small"].to_numpy(dtype=bool)]
    if len(small):
        names = _list_some_periods(sorted(set(small["activity"])))
        what = phrase("M08", "too_small", n=len(small), activities=names)
        row = int(small["row"].min())
        found.append(_build_row_finding(inputs, "M08", "Activities", "rate", row, what, len(small)))
    return found


def _describe_rate(rate: Mapping[Hashable, Any]) -> str:
    """Return a stated rate and what the minutes paid say of it."""
    told = {key: rate[key] for key in ("activity", "stated", "low", "high")}
    if rate["driver"] == "quantity":  # that of a base term
        return phrase("M07", "rate", **told)
    return phrase("M07", "rate_of_driver", driver=rate["driver"], **told)


def _build_row_finding(
    inputs: Inputs, code: str, table: str, column: str, row: int, what: str, count: int = 1
) -> Finding:
    place = inputs.cells.get(table, {}).get(column, 1)
    return build_finding(code, inputs.sheets.get(table, table), format_address(row, place), what, count=count)
