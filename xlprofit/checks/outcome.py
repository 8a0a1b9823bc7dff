"""What the figures themselves show: resources over-driven or unused, control totals that do not tie out."""

from __future__ import annotations

import pandas as pd

from xlprofit.addresses import address
from xlprofit.findings import Finding, finding
from xlprofit.tables import Inputs


def check(inputs: Inputs, capacity: pd.DataFrame, tie_out: pd.DataFrame) -> list[Finding]:
    """Return the findings about a run's figures.

    Args:
        inputs: the tables of the run.
        capacity: the capacity table by resource and period.
        tie_out: the ledger against the control totals.
    """
    return [*_resources(inputs, capacity), *_control_totals(inputs, tie_out)]


def _resources(inputs: Inputs, capacity: pd.DataFrame) -> list[Finding]:
    found = []
    rows = inputs["Resources"].groupby(inputs["Resources"]["resource"].astype(str))["row"].min()
    units = inputs["Resources"].drop_duplicates("resource").set_index("resource")["unit"]
    over = capacity[capacity["used"] > capacity["supplied"] * (1 + 1e-9)]
    for resource, table in _by_resource(over):
        share = (table["used"] / table["supplied"]).to_numpy()
        worst = int(share.argmax())
        period = str(table.index.get_level_values("period")[worst])
        when = f" in {period}" if period else ""
        most = f", most{when}" if len(table) > 1 else when
        what = (
            f"{resource} is over-driven{f' in {len(table)} periods' if len(table) > 1 else ''}{most}: "
            f"{table['used'].iloc[worst]:,.0f} {units[resource] or 'units'} used of "
            f"{table['supplied'].iloc[worst]:,.0f}"
        )
        found.append(_at(inputs, "M01", "Resources", "resource", int(rows[resource]), what, len(table)))
    unused = capacity[capacity["unassigned"] > 0]
    for resource, table in _by_resource(unused):
        what = f"{table['unassigned'].sum():,.2f} of {resource} is assigned to nobody, since nothing used it"
        found.append(_at(inputs, "M02", "Resources", "resource", int(rows[resource]), what, len(table)))
    free = capacity[(capacity["used"] > 0) & (capacity["cost"].abs() <= 0) & capacity["supplied"].isna()]
    for resource, table in _by_resource(free):
        periods = [p for _, p in table.index if p]
        what = f"{resource} was used{f' in {_some(periods)}' if periods else ''} but has no cost there"
        found.append(_at(inputs, "M03", "Resources", "resource", int(rows[resource]), what, len(table)))
    return found


def _by_resource(capacity: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(str(resource), table) for resource, table in capacity.groupby(level="resource", sort=True)]


def _some(periods: list[str]) -> str:
    return ", ".join(periods[:3]) + (f" and {len(periods) - 3} more" if len(periods) > 3 else "")


def _control_totals(inputs: Inputs, tie_out: pd.DataFrame) -> list[Finding]:
    found = []
    for line in tie_out.to_dict("records"):
        name = f"{line['line']} {line['period']}".strip()
        if pd.isna(line["difference"]):
            what = f"{name} is no line, group, activity or resource of the ledger"
            found.append(_at(inputs, "M05", "ControlTotals", "line", int(line["row"]), what))
        elif not line["ties"]:
            what = (
                f"{name} does not tie out: {line['control']:,.2f} in the books, {line['ledger']:,.2f} in the ledger, "
                f"a difference of {line['difference']:,.2f}"
            )
            found.append(_at(inputs, "M04", "ControlTotals", "amount", int(line["row"]), what))
    return found


def _at(inputs: Inputs, code: str, table: str, column: str, row: int, what: str, count: int = 1) -> Finding:
    place = inputs.cells.get(table, {}).get(column, 1)
    return finding(code, inputs.sheets.get(table, table), address(row, place), what, count=count)
