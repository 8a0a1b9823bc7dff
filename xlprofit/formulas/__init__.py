"""The formulas: look-ups of what the last refresh computed, and calculators in closed form.

One part for every host (Excel, xlwings Lite, LibreOffice): it imports the standard library alone, knows no
host and starts at once. A host hands over cells and gets cells back:

- every argument may be a cell or a range (:mod:`xlprofit.formulas.cells`); ranges are spread over each other as
  Excel does it (one row or column repeats), and a range in gives rows out;
- a blank where a figure is needed gives a blank: what is unknown stays unknown. A blank that may be left out
  is left out. An argument that is not given at all is :data:`OMITTED`;
- what cannot be answered is a :class:`FormulaError` in its cell, which bears the code that Excel shows and the
  reason in words. Nothing is raised for any value of a cell.

Look-ups read the *results sheet*, a very hidden sheet that each refresh writes; :class:`Lookup` says how it is
laid out. :data:`REGISTRY` lists every formula with its arguments, for whoever wraps or documents them.
"""

from __future__ import annotations

from xlprofit.formulas.calculators import (
    capacity_rate,
    lifetime_value,
    prospect_value,
    receivable_cost,
    whale_curve,
)
from xlprofit.formulas.cells import BLANK, OMITTED, FormulaError
from xlprofit.formulas.explained import explain_profit
from xlprofit.formulas.function import Argument, Function
from xlprofit.formulas.lookups import (
    cost_to_serve,
    customer_decision,
    customer_forecast,
    customer_profit,
    customer_state,
    look_up_whale_curve,
    profit_change,
    referral_value,
)
from xlprofit.formulas.registry import REGISTRY
from xlprofit.formulas.results_sheet import (
    LAYOUT,
    MARK,
    MOST_CELLS,
    NEVER_REFRESHED,
    SHEET,
    STAMP_CELL,
    Lookup,
    ResultColumn,
    SourceRow,
    build_example,
    build_results_rows,
)

__all__ = [
    "BLANK",
    "LAYOUT",
    "MARK",
    "MOST_CELLS",
    "NEVER_REFRESHED",
    "OMITTED",
    "REGISTRY",
    "SHEET",
    "STAMP_CELL",
    "Argument",
    "FormulaError",
    "Function",
    "Lookup",
    "ResultColumn",
    "SourceRow",
    "build_example",
    "build_results_rows",
    "capacity_rate",
    "cost_to_serve",
    "customer_decision",
    "customer_forecast",
    "customer_profit",
    "customer_state",
    "explain_profit",
    "lifetime_value",
    "look_up_whale_curve",
    "profit_change",
    "prospect_value",
    "receivable_cost",
    "referral_value",
    "whale_curve",
]
