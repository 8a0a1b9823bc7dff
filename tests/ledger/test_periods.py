"""Periods of the span: where the days of any calendar lie among them."""

from __future__ import annotations

import pandas as pd
import pytest

from xlprofit.ledger.periods import FREQUENCIES, place_dates
from xlprofit.tables.settings import Settings


@pytest.mark.parametrize("period", FREQUENCIES)
def test_each_day_lies_in_its_period_and_what_is_outside_in_the_nearest(period: str) -> None:
    start, end = pd.Timestamp("2023-02-15"), pd.Timestamp("2025-01-10")
    days = pd.Series(pd.date_range("2022-12-20", "2025-03-05", freq="13h"))
    spans = pd.period_range(start, end, freq=FREQUENCIES[period])
    wanted = [spans.get_loc(pd.Period(min(max(day, start), end), FREQUENCIES[period])) for day in days]
    assert place_dates(days, Settings(start, end, end, period=period)).tolist() == wanted
