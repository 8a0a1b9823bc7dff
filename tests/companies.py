"""The demo company's tables, in small or with some settings changed."""

from __future__ import annotations

from functools import cache

import pandas as pd

import xlprofit
from xlprofit import samples
from xlprofit.samples import demo
from xlprofit.words.reasons import word_decisions

Tables = dict[str, pd.DataFrame]


def make_small_demo(customers: int = 40, sales_lines: int = 2_000, activity_rows: int = 1_500) -> Tables:
    """Return a small demo company with one of its scenarios, each of which is as dear as all the rest of a refresh."""
    drawn = _draw_small_demo(customers, sales_lines, activity_rows)
    return {name: frame.copy(deep=False) for name, frame in drawn.items()}


@cache
def _draw_small_demo(customers: int, sales_lines: int, activity_rows: int) -> Tables:
    tables = demo.tables(customers=customers, sales_lines=sales_lines, activity_rows=activity_rows)
    scenarios = tables["Scenarios"]
    one = scenarios[scenarios["scenario"] == scenarios["scenario"].iloc[-1]].reset_index(drop=True)
    return {**tables, "Scenarios": one}


@cache
def analyze_sample(name: str) -> xlprofit.Results:
    """Return the results of the demo company or of a trade's sample, computed once; nobody may change them."""
    return xlprofit.analyze(samples.tables(name))


def with_settings(tables: Tables, **values: object) -> Tables:
    """Return the tables with these settings, of which each must be there already."""
    given = tables["Settings"].set_index("setting")["value"].astype(object).to_dict()
    unknown = set(values) - set(given)
    if unknown:
        raise KeyError(f"there are no settings {unknown}")
    changed = {str(name): values.get(str(name), value) for name, value in given.items()}
    frame = pd.DataFrame({"setting": list(changed), "value": pd.Series(list(changed.values()), dtype=object)})
    return tables | {"Settings": frame}


def word_verdicts(results: xlprofit.Results) -> pd.DataFrame:
    """Return the decisions, with the sentence beside each verdict in ``said``."""
    said = word_decisions(results.decisions, results.trends, results.inputs.settings)
    return results.decisions.assign(said=said)
