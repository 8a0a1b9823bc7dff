"""Activities: the units that the time equations make of the log, at the rate of their resource or a unit cost."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger
from xlprofit.ledger.costs.rule import Basis, CostRule, Mask
from xlprofit.ledger.effort import READS, find_prices, list_uses
from xlprofit.vocabulary.levels import UNSPREAD_LEVELS


def price_activities(rows: pd.DataFrame, basis: Basis) -> list[pd.DataFrame]:
    """Return what the activities of log rows, or of their sums, cost: a posting for each term of each row.

    ``units`` are those of the resource, ``rate`` the negative of its rate in the period, or of the unit cost;
    ``driver``, ``driver_units`` and ``resource`` say where they come from, the source row is the term's in Activities.
    Activities of the levels channel and corporate are nobody's: their customer is empty. The product is the one that
    the log names.
    """
    equations = basis.equations
    uses, period = list_uses(rows, equations), rows["period"].to_numpy()
    term, entry = uses["term"].to_numpy(), uses["entry"].to_numpy()
    level = equations["level"].astype(str).to_numpy()
    customer = rows["customer"].astype("category")
    codes = customer.cat.codes.to_numpy()[entry]
    names = list(customer.cat.categories)
    if "" not in names:
        names.append("")
    codes = np.where(np.isin(level, UNSPREAD_LEVELS)[term], names.index(""), codes)

    def say(column: str) -> ledger.Words:
        return _name_terms(equations[column].astype(str).to_numpy(), term)

    keys: dict[str, ledger.Key] = {
        "customer": ledger.code_words(codes, names),
        **ledger.trace_rows(rows, entry),
        "period": ledger.code_words(period[entry], basis.periods),
        **{
            line: say(column)
            for line, column in (("line", "activity"), ("group", "group"), ("level", "level"))
        },
        "source_table": "Activities",
    }
    posted = ledger.post_rows(
        keys,
        units=uses["units"].to_numpy(),
        rate=-find_prices(uses, period, equations, basis.rates),
        entry=entry,
        source_row=equations["row"].to_numpy(dtype=np.int64)[term],
    )
    driver_units = uses["driver_units"].to_numpy()
    return [posted.assign(driver=say("driver"), driver_units=driver_units, resource=say("resource"))]


def _name_terms(names: npt.NDArray[np.object_], term: npt.NDArray[np.int64]) -> ledger.Words:
    """Return each use's name, looked up by its term, as a categorical."""
    codes, categories = pd.factorize(names, sort=True)
    return ledger.code_words(codes[term], categories)


def _find_unspread(rows: pd.DataFrame, basis: Basis) -> Mask:
    """Return the rows of activities of the levels channel and corporate."""
    equations = basis.equations
    unspread = set(equations.loc[equations["level"].isin(UNSPREAD_LEVELS), "activity"].astype(str))
    return rows["activity"].isin(unspread).to_numpy(dtype=bool)


RULE = CostRule("ActivityLog", price_activities, lambda basis: basis.log, shared=_find_unspread, reads=READS)
