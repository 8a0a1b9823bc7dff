"""The last twelve months beside the twelve before: what the tiles of the Dashboard say of a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit import ledger as books
from xlprofit.ledger.periods import SHARE_OF_YEAR, find_whole_periods
from xlprofit.messages import _
from xlprofit.sheets.frame import format_short_money
from xlprofit.sheets.parts import Meaning
from xlprofit.sheets.theme import SIGNS
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

SHOWN = (Measure.NET_REVENUE, Measure.GROSS_MARGIN, Measure.PROFIT, Measure.COMPANY_PROFIT)
"""The measures that have a tile."""


@dataclass(frozen=True)
class YearBefore:
    """The company by period, and where the last twelve months and the twelve before lie in it.

    Attributes:
        periods: the measures of :data:`SHOWN` by period, in money.
        last: the places of the periods of the last twelve months, those of the twelve before end at its first; of no
            length where there are not two whole years.
    """

    periods: pd.DataFrame
    last: range

    def find_change(self, measure: str) -> tuple[float, float] | None:
        """Return the sum of the twelve months before and that of the last twelve; nothing where one is not known."""
        if not len(self.last):
            return None
        values = self.periods[measure].to_numpy(dtype=np.float64)
        before = float(values[self.last.start - len(self.last) : self.last.start].sum())
        after = float(values[self.last.start : self.last.stop].sum())
        return (before, after) if np.isfinite(before + after) else None


def compare_years(results: Results) -> YearBefore:
    """Return the company by period with its last two years, if it has as many whole ones."""
    settings = results.inputs.settings
    frame = books.sum_company_periods(results.customer_ledger, results.periods)[list(map(str, SHOWN))]
    first, end = find_whole_periods(settings)
    year = round(1 / SHARE_OF_YEAR[settings.period])
    return YearBefore(frame, range(end - year, end) if end - 2 * year >= first else range(0))


def describe_year_change(known: YearBefore, measure: str, results: Results) -> tuple[str, Meaning]:
    """Return by how much a measure changed on the year before, and what that means; nothing where it is not known."""
    both = known.find_change(measure)
    if both is None:
        return "", Meaning.NOTE
    before, after = both
    change = after - before
    if abs(change) < 0.5:
        return _("as in the year before"), Meaning.NOTE
    meaning = Meaning.PROFIT if change > 0 else Meaning.LOSS
    told = {"arrow": SIGNS[meaning], "money": format_short_money(abs(change), results)}
    if before > 0:
        return _("{arrow} {money} ({share:+.0%}) in a year", share=change / before, **told), meaning
    return _("{arrow} {money} in a year", **told), meaning
