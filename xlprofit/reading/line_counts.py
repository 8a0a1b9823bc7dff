"""Line counts: of a table whose rows are sums, how many rows each was summed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from xlprofit.tables import TABLES, Raw, header_key

COUNT = "rows_summed"
"""The column of a summed table on a sheet that says how many rows each row was summed from."""


def add_line_counts(raws: Mapping[str, Raw]) -> dict[str, Raw]:
    """Return the tables, those whose rows are sums knowing how many rows each was summed from."""
    counted = dict(raws)
    for name in (name for name, table in TABLES.items() if table.big):
        if name in raws and raws[name].lines is None:
            frame = raws[name].frame
            at = [i for i, header in enumerate(frame.columns) if header_key(header) == header_key(COUNT)]
            if at:
                lines = pd.to_numeric(frame.iloc[:, at[0]], errors="coerce").fillna(1)
                counted[name] = replace(raws[name], lines=lines.clip(0, 2**53).astype(np.int64))
    return counted
