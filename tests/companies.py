"""A company's tables with some settings changed."""

from __future__ import annotations

import pandas as pd

import xlprofit
from xlprofit.words.reasons import word_decisions

Tables = dict[str, pd.DataFrame]


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
