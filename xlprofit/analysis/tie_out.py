"""The tie-out: what the ledger says, line by line, against what the general ledger says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from xlprofit import ledger as books
from xlprofit.headings import word_meant
from xlprofit.ledger import periods
from xlprofit.tables import Inputs, header_key
from xlprofit.vocabulary.groups import GROUPS
from xlprofit.vocabulary.measures import COMPANY_LINES

HALF_A_CENT = 0.005
"""Two amounts of money are the same where they differ by less than this."""


def compare_totals(inputs: Inputs, ledger: pd.DataFrame, resources: pd.DataFrame) -> pd.DataFrame:
    """Return each control total beside what the ledger says for its line.

    A line is a measure of the company's P&L (``net_revenue``, ``company_profit``), a resource (its cost as
    given), a group, or a line of the ledger. A cost in the books may have either sign; ``ledger`` is in that of
    the books. It and ``difference`` (ledger − control) are blank where the line or the period is unknown; ``ties``
    is true where they differ by less than half a cent. In the order of the company's P&L, then by name.

    Args:
        inputs: the tables, ControlTotals among them.
        ledger: the ledger.
        resources: the capacity table by resource and period.
    """
    table = inputs["ControlTotals"]
    if not len(table):
        return _list_no_totals().copy(deep=False)
    books_of = {text: _sum_books(str(text), inputs, ledger, resources) for text in pd.unique(table["period"])}
    rows = []
    for line, amount, text, row in zip(
        table["line"].astype(str), table["amount"], table["period"], table["row"], strict=True
    ):
        said = books_of[text].get(_find_key(line, books_of[text]), np.nan)
        sign = -1.0 if said < 0 < amount else 1.0
        rows.append((line, text, amount, sign * said, sign * said - amount, row))
    return _tabulate_totals(rows)


@cache
def _list_no_totals() -> pd.DataFrame:
    """Return what is said of no control totals, which is the case of most; nobody may change it."""
    return _tabulate_totals([])


def _tabulate_totals(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Return the rows as a table, in the order of the company's P&L, with what ties."""
    frame = pd.DataFrame(rows, columns=["line", "period", "control", "ledger", "difference", "row"])
    frame = frame.astype({"control": float, "ledger": float, "difference": float})
    rank = {header_key(line): i for i, line in enumerate(COMPANY_LINES)}
    place = frame["line"].map(lambda line: rank.get(_find_key(line, rank), len(rank)))
    order = ["place", "line", "period", "control"]
    frame = (
        frame.assign(place=place).sort_values(order, kind="stable", ignore_index=True).drop(columns="place")
    )
    return frame.assign(ties=(frame["difference"].abs() < HALF_A_CENT).to_numpy(dtype=bool))


def _find_key(line: str, known: Mapping[str, float]) -> str:
    """Return the key of a line as it is written or, where the books have none of that name, as it is meant."""
    key = header_key(line)
    return key if key in known else header_key(_find_meaning(line) or line)


def _find_meaning(line: str) -> str | None:
    return word_meant(line, COMPANY_LINES, "line") or word_meant(line, GROUPS)


def _sum_books(text: str, inputs: Inputs, ledger: pd.DataFrame, resources: pd.DataFrame) -> dict[str, float]:
    """Return the ledger's amount of every line in a period, by the line's key; nothing outside the span.

    Where two things have one name, the line of the company's P&L comes first, then a resource, then a group.
    """
    labels = periods.list_labels(inputs.settings)
    wanted = (
        [labels[i] for i in periods.find_covered_periods(text, inputs.settings)] if text else [*labels, ""]
    )
    if not wanted:
        return {}
    dated = ledger[ledger["period"].isin(wanted).to_numpy()]
    said: dict[str, float] = {}
    for column in ("line", "group"):
        sums = dated.groupby(column, observed=False)["amount"].sum()
        said |= {header_key(name): float(amount) for name, amount in sums.items()}
    cost = resources["own_cost"][resources.index.get_level_values("period").isin(wanted)]
    said |= {header_key(name): -float(c) for name, c in cost.groupby(level="resource").sum().items()}
    if len(cost):
        said["resources"] = -float(cost.sum())
    return said | {header_key(name): float(amount) for name, amount in books.sum_company(dated).items()}
