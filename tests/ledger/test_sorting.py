"""Rows sorted column after column: in the very order in which all columns at once put them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from xlprofit.ledger import sort_rows

COLUMNS: tuple[st.SearchStrategy[Any], ...] = (
    st.sampled_from([0.5, -1.0, 2.0, np.nan]),
    st.integers(0, 3),
    st.integers(-(2**40), -(2**40) + 2),
    st.sampled_from([-(2**62), 0, 2**61, 2**61 + 1]),
    st.sampled_from([pd.Timestamp("2024-01-31"), pd.Timestamp("2023-12-31"), pd.NaT]),
    st.sampled_from([pd.Timestamp("2024-01-31"), pd.Timestamp("2024-01-31 12:00")]),
)


@given(st.data(), st.integers(0, 30), st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=6))
def test_sorted_in_steps_as_at_once(
    data: st.DataObject, rows: int, kinds: list[st.SearchStrategy[Any]]
) -> None:
    columns = [data.draw(st.lists(kind, min_size=rows, max_size=rows)) for kind in kinds]
    keys = [str(at) for at in range(len(columns))]
    frame = pd.DataFrame(dict(zip(keys, columns, strict=True)), columns=keys)
    numbers = (frame[key].to_numpy() for key in reversed(keys))
    at_once = np.lexsort([each.view("int64") if each.dtype.kind == "M" else each for each in numbers])
    assert sort_rows(frame, keys).index.tolist() == at_once.tolist()
